"""What must be so before the web serves, done by `make run` in one process: database, seed, static files.

    python -m config.first_steps

Each step looks first and does nothing when nothing is to be done. Lines on standard output tell the progress.
"""

import hashlib
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrate() -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        sys.stdout.write(f"Database: {len(plan)} migrations\n")
        call_command("migrate", interactive=False, verbosity=0)


def collect_static() -> None:
    """Collect unless the sources are, by path, size and time, those of the last time."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            status = os.stat(storage.path(path))
            seen.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected-from"
    if stamp.exists() and stamp.read_text() == seen.hexdigest():
        return
    sys.stdout.write("Static files: collecting and compressing\n")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(seen.hexdigest())


def main() -> None:
    sys.stdout.reconfigure(line_buffering=True)  # The supervisor shows each line as it comes.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    migrate()
    call_command("seed")
    collect_static()


if __name__ == "__main__":
    main()
