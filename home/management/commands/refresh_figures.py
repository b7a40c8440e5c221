"""`manage.py refresh_figures`: takes new pictures of the system's own screens for the guide."""

import shutil
from contextlib import suppress
from pathlib import Path

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from home.figures import album, camera
from home.figures.double import DoubleFailed, running
from home.figures.screens import SCREENS
from home.models import HomePage

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


class Command(BaseCommand):
    help = (
        "Start a double of this site with made-up letters, photograph its screens in Chromium, and renew the pictures "
        "in the guide that differ. Needs the packages of requirements-dev.txt and Debian's chromium."
    )

    def add_arguments(self, parser):
        parser.add_argument("--chromium", help="path of the browser; otherwise it is looked for on PATH")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], action="append")
        parser.add_argument("--into", help="write the pictures into this folder instead of the guide")

        parser.add_argument("--screen", action="append", help="keep this one alone; may be repeated")

    def handle(self, *args, **options):
        chromium = options["chromium"] or next(filter(None, map(shutil.which, CHROMIUM)), None)
        if camera.sync_playwright is None:
            raise CommandError("Playwright is not installed: use an environment made from requirements-dev.txt.")
        if chromium is None:
            raise CommandError("Chromium was not found: apt-get install chromium, or name it: --chromium PATH.")
        languages = options["language"] or [code for code, _name in settings.LANGUAGES]
        keep = self._writer(Path(options["into"])) if options["into"] else self._keep
        self.stdout.write("Starting a double of this site (a minute)")
        shots = self._photographs(chromium, languages, real=not options["into"])
        wanted = options["screen"] or SCREENS
        told = [(f"{shot.screen} ({shot.language})", keep(shot)) for shot in shots if shot.screen in wanted]
        for name, what in told:
            self.stdout.write(f"{what:<9} {name}")

    def _photographs(self, chromium, languages, *, real):
        """All of them, before one is kept: while the browser is driven, Django lets nobody near the database."""
        try:
            with running() as double:
                homes = {code: _home_of(double, code) for code in languages}
                if real:
                    homes |= self._homes(double)
                tell = self.stdout.write
                return list(camera.photograph(double, chromium=chromium, home_url=homes, languages=languages, say=tell))
        except DoubleFailed as error:
            raise CommandError(f"The double did not come up: {error}") from error
        except camera.NotPhotographed as error:
            raise CommandError(f"The pictures were not taken, the guide keeps its old ones: {error}") from error

    def _homes(self, double):
        """{language: address}: the real home pages where they answer, since they are public; else the double's."""
        homes = {}
        for page in HomePage.objects.live().public().select_related("locale"):
            code, url = page.locale.language_code, page.full_url
            if url is None or code in homes:
                continue
            if _answers(url):
                homes[code] = url
            else:
                self.stderr.write(f"{url} does not answer here: the home page in the pictures will be an example's")
                homes[code] = _home_of(double, code)
        return homes

    def _writer(self, folder):
        def write(shot):
            path = folder / shot.language / f"{shot.screen}.webp"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(shot.content)
            return f"{len(shot.content)} B"

        return write

    def _keep(self, shot):
        return album.put(shot.screen, shot.language, shot.content, shot.restless)


def _home_of(double, language):
    return f"{double.url}/" if language == settings.LANGUAGE_CODE else f"{double.url}/{language}/"


def _answers(url):
    with suppress(requests.RequestException):
        return requests.get(url, timeout=5).ok
    return False
