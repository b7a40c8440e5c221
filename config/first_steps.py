"""What must be so before the web serves, done by `make run` in one process: database, seed, static files.

    python -m config.first_steps database static

Each step may be repeated. Lines on standard output tell the progress.
"""

import os
import sys

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def prepare_database() -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        sys.stdout.write(f"Database: {len(plan)} migrations\n")
        call_command("migrate", interactive=False, verbosity=0)
    if settings.LOCAL:
        # A double that is photographed for the guide brings what it is to look like (home/figures/double.py).
        like = settings.STATE_DIR / "likeness.json"
        call_command("seed", like=str(like) if like.exists() else None)
    else:
        sys.stdout.write("Not seeded with examples, since PUBLIC_URL is not this machine\n")


def collect_static() -> None:
    sys.stdout.write("Static files: collecting and compressing\n")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)


STEPS = {"database": prepare_database, "static": collect_static}


def main() -> None:
    sys.stdout.reconfigure(line_buffering=True)  # The supervisor shows each line as it comes.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for step in sys.argv[1:]:
        STEPS[step]()


if __name__ == "__main__":
    main()
