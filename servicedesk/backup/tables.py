"""The database as text: each table by COPY in the order of its key, so that equal tables give equal bytes."""

from dataclasses import dataclass, field
from hashlib import sha256

from django.db import connection
from django.db.migrations.loader import MigrationLoader

# Whoever holds an archive must not hold a session; security codes live for minutes. Migrations are the release's.
# The mark of the public pages changes while tables are brought back, as it must.
# What the search knows is read from the pages; it is emptied with them.
READ_FROM_PAGES = ("home_searchentry", "home_searchword")
LEFT_OUT = (
    "django_session",
    "captcha_captchastore",
    "django_migrations",
    "page_generation",
    *READ_FROM_PAGES,
)
# The same bytes whatever the server's settings are.
PLAIN_TEXT = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)
_COLUMNS = """
    SELECT c.relname, a.attname, a.atttypid::regtype::text,
           coalesce(array_position(i.indkey::int2[], a.attnum), -1)
      FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
     WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relpersistence <> 't'
     ORDER BY c.relname, a.attnum
"""
_SEQUENCES = """
    SELECT s.relname FROM pg_class s
     WHERE s.relkind = 'S' AND s.relnamespace = current_schema()::regnamespace ORDER BY s.relname
"""
_IN_WORDS = ("text", "character varying", "character")


@dataclass
class Table:
    name: str
    columns: list = field(default_factory=list)
    # (place in the key, SQL), as far as there is a primary key.
    key: list = field(default_factory=list)

    @property
    def column_list(self):
        return ", ".join(map(_quoted, self.columns))

    @property
    def copy_out(self):
        order = ", ".join(sql for _, sql in sorted(self.key)) or self.column_list
        return f"COPY (SELECT {self.column_list} FROM {_quoted(self.name)} ORDER BY {order}) TO STDOUT"

    @property
    def copy_in(self):
        return f"COPY {_quoted(self.name)} ({self.column_list}) FROM STDIN"


def _quoted(name):
    return connection.ops.quote_name(name)


def speak_plainly(cursor):
    """Prepares this transaction for reading and writing tables as text."""
    for statement in PLAIN_TEXT:
        cursor.execute(statement)


def tables_here(cursor):
    """Every table of the installation with its columns (Table), in the order of their names."""
    found = {}
    cursor.execute(_COLUMNS)
    for name, column, kind, place in cursor.fetchall():
        if name in LEFT_OUT:
            continue
        table = found.setdefault(name, Table(name))
        table.columns.append(column)
        if place >= 0:
            # Sorted by bytes: the order must not depend on the server's language.
            table.key.append((place, _quoted(column) + (' COLLATE "C"' if kind in _IN_WORDS else "")))
    return list(found.values())


def sequences_here(cursor):
    """{name: (last value, whether it was given out)} of each counter."""
    cursor.execute(_SEQUENCES)
    found = {}
    for [name] in cursor.fetchall():
        cursor.execute(f"SELECT last_value, is_called FROM {_quoted(name)}")
        found[name] = list(cursor.fetchone())
    return found


def set_sequences(cursor, values):
    for name, (last, given) in values.items():
        cursor.execute("SELECT setval(%s::regclass, %s, %s)", [_quoted(name), last, given])


def rows_as_text(cursor, table):
    """The table's rows as bytes of COPY's text format, a row at a time."""
    with cursor.copy(table.copy_out) as copy:
        for row in copy:
            yield bytes(row)


def count_and_hash(cursor, table):
    """{"rows": n, "sha256": …} of a table as it is now."""
    seen, rows = sha256(), 0
    for row in rows_as_text(cursor, table):
        seen.update(row)
        rows += row.count(b"\n")
    return {"rows": rows, "sha256": seen.hexdigest()}


def migrations_of_the_code():
    """The migrations that this release has, as ["app.name", …]."""
    return sorted(f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations)


def migrations_done():
    """Those of them that this database has been through."""
    loader = MigrationLoader(connection)
    done = set(loader.applied_migrations) & set(loader.disk_migrations)
    return sorted(f"{app}.{name}" for app, name in done)
