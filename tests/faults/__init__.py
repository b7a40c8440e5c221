"""`make faults`: the promises of the system, each broken on purpose, counted from outside."""
