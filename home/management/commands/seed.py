"""`manage.py seed`: a made-up municipality to try everything with. Done once; what people changed stays."""

import argparse
import json
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from home.figures import likeness
from home.groups import make_groups
from home.search import index
from home.seed import pages, people, units
from servicedesk.models import User


class Command(BaseCommand):
    help = "Fill a new installation with a made-up municipality: units, staff and pages. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument(
            "--on-public-server",
            action="store_true",
            help="Do it although PUBLIC_URL is not this machine: for a demonstration, never beside real letters.",
        )

        parser.add_argument("--like", help=argparse.SUPPRESS)  # The file of a likeness, for home.figures.double.

    def handle(self, *args, **options):
        if not (settings.LOCAL or options["on_public_server"]):
            raise CommandError("PUBLIC_URL is not this machine; --on-public-server seeds a demonstration all the same.")
        with transaction.atomic():
            drawn = self._seed()
            if options["like"]:
                likeness.wear(json.loads(Path(options["like"]).read_text(encoding="utf-8")))
        # Shown this once and kept nowhere; `make run` gives the passwords itself.
        for username, password in drawn.items():
            self.stdout.write(f"{username}: {password}")

    def _seed(self):
        public = urlsplit(settings.PUBLIC_URL)
        pages.point_site(public.hostname, public.port or (443 if public.scheme == "https" else 80))
        made_units = units.make_units()
        units.name_organisation()
        make_groups()
        drawn = people.make_people()
        filled = pages.fill_pages(author=User.objects.filter(is_superuser=True).order_by("pk").first())
        if filled:
            index.rebuild()
        if made_units or filled:
            self.stdout.write("Seeded a made-up municipality")
        return drawn
