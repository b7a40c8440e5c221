"""`manage.py restore <archive>`: database and files back into an empty installation."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from servicedesk.backup.refusals import BackupRefused
from servicedesk.backup.restoring import restore


class Command(BaseCommand):
    help = "Bring an archive of `manage.py backup` back into an empty database and bucket, and compare all of it."
    # An empty database has no tables yet.
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("archive")

    def handle(self, *args, archive, **options):
        try:
            contents = restore(archive, settings.BACKUP_KEY, self.stdout.write)
        except BackupRefused as error:
            raise CommandError(
                f"{error} The database is as it was; if files were put into the bucket, empty it before the next try."
            ) from error
        for name, table in sorted(contents.manifest["tables"].items()):
            if table["rows"]:
                self.stdout.write(f"  {name}: {table['rows']} rows, {table['sha256'][:16]}, equal")
        self.stdout.write("Restored and equal")
