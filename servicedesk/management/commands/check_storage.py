"""`manage.py check_storage`: compares the database with the file store, from both sides."""

from django.core.management.base import BaseCommand, CommandError

from servicedesk import storekeeping
from servicedesk.uploads.store import StoreUnavailable

WORDS = {
    "missing": "rows without their object",
    "sizes": "rows whose object has another length",
    "misplaced": "rows whose place does not fit their state",
    "orphans": "objects older than a day without a row",
}
MOST_SHOWN = 20


def _reason(error):
    """The store's own word for it, such as NoSuchBucket; else what kind of error its client met."""
    answer = getattr(error.__cause__, "response", None) or {}
    return answer.get("Error", {}).get("Code") or type(error.__cause__).__name__


class Command(BaseCommand):
    help = "Compare the rows of files with the objects in the store. Ends with 1 when something differs."

    def add_arguments(self, parser):
        parser.add_argument("--remove", action="store_true", help="Remove objects that no row has claimed for a day.")
        parser.add_argument(
            "--sample", type=int, metavar="N", help="Ask the store for N rows picked at random, not for all."
        )

    def handle(self, *args, **options):
        try:
            found = storekeeping.compare(options["sample"])
            removed, _left = storekeeping.remove_orphans(found.orphans) if options["remove"] else (0, [])
        except StoreUnavailable as error:
            raise CommandError(
                f"The store does not give what it is asked for: {_reason(error)}.", returncode=2
            ) from error
        self.stdout.write(f"{found.rows} rows and {found.objects} objects compared")
        for name, count in found.counts().items():
            self.stdout.write(f"{count} {WORDS[name]}")
            for item in getattr(found, name)[:MOST_SHOWN]:
                self.stdout.write(f"  {item[0] if name == 'orphans' else item}")
        if removed:
            self.stdout.write(f"{removed} objects removed")
            found.orphans = []
        if found:
            raise CommandError("The database and the store do not agree.", returncode=1)
