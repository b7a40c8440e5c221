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
        parser.add_argument(
            "--call-off-messages",
            action="store_true",
            help="Send none of the SMS and e-mails that waited when the archive was made; most were sent since.",
        )

    def handle(self, *args, archive, call_off_messages, **options):
        try:
            contents = restore(archive, settings.BACKUP_KEY, self.stdout.write, call_off_messages=call_off_messages)
        except BackupRefused as error:
            raise CommandError(
                f"{error} The database is as it was. If this try had begun to fill the new bucket, make another "
                "one for the next; never empty a bucket that may be in use."
            ) from error
        for name, table in sorted(contents.manifest["tables"].items()):
            if table["rows"]:
                self.stdout.write(f"  {name}: {table['rows']} rows, {table['sha256'][:16]}, equal")
        self.stdout.write("Restored and equal")
        made_at = contents.header.get("made_at", "an unknown time")
        self.stdout.write(
            f"The archive was made at {made_at}. What happened since is not in it: removals that citizens wished for "
            "and that were carried out since have to be done again, and so do deactivated accounts, new passwords and "
            "resets of a second factor."
        )
