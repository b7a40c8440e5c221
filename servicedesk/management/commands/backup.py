"""`manage.py backup <folder or file>`: database and files together, in one archive."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from servicedesk.backup import making
from servicedesk.backup.refusals import BackupRefused


class Command(BaseCommand):
    help = "Write the database and all files into one archive, or check one. docs/operating.md says what else to keep."

    def add_arguments(self, parser):
        parser.add_argument("target", help="a folder, in which the archive is named after the time, or a file")
        parser.add_argument(
            "--verify", action="store_true", help="read the archive <target> through and change nothing"
        )
        parser.add_argument(
            "--keep", type=int, default=0, metavar="N", help="afterwards remove all but the newest N of the folder"
        )

    def handle(self, *args, target, verify, keep, **options):
        if keep < 0:
            raise CommandError("--keep wants a number from 1 on.")
        try:
            if verify:
                self._verify(target)
            else:
                self._make(target, keep)
        except BackupRefused as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{target} cannot be used ({error.strerror}).") from error

    def _verify(self, target):
        found = making.verify(target, settings.BACKUP_KEY)
        self.stdout.write(f"Whole, made at {found.header['made_at']}")
        for name, table in sorted(found.manifest["tables"].items()):
            self.stdout.write(f"  {name}: {table['rows']} rows, {table['sha256'][:16]}")
        self.stdout.write(f"  files: {found.objects}, {found.bytes} bytes")

    def _make(self, target, keep):
        if not settings.BACKUP_KEY:
            self.stderr.write(
                self.style.WARNING(
                    "BACKUP_KEY is not set: this archive is NOT ENCRYPTED. Whoever gets it reads every letter."
                )
            )
        path = making.place_for(target, bool(settings.BACKUP_KEY))
        manifest = making.make(path, settings.BACKUP_KEY, self.stdout.write)
        self.stdout.write(f"Files: {manifest['objects']['count']}, {manifest['objects']['bytes']} bytes")
        if manifest["removed_meanwhile"]:
            self.stdout.write(f"{manifest['removed_meanwhile']} files were removed meanwhile, with their rows")
        self.stdout.write(f"Written: {path}")
        if keep and path.parent.samefile(target):
            self.stdout.write(f"Older archives removed: {making.forget_old(target, keep)}")
        if manifest["missing"]:
            raise CommandError(
                f"The archive is written, but {manifest['missing']} files that rows name are not in the store.",
                returncode=3,
            )
