"""The real parts of a local run and of the tests: PostgreSQL, Valkey and SeaweedFS, one module each.

Everything listens on free loopback ports behind random passwords, keeps its files in one state directory, and
is stopped by `guardian` however its starter ends. Production uses none of this: there the same settings name
the organisation's servers.
"""
