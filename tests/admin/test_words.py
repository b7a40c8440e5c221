"""One English text may be said by Wagtail and by us: what ours means must not turn up in Wagtail's screens."""

import gettext
from pathlib import Path

import wagtail
from django.conf import settings

HERE = Path(wagtail.__file__).parent
# The same thing in other words: both readings are right in both places.
SAME_THING = {"Account", "Add", "Caption", "Home", "Site history", "subject", "Form", "No"}


def _texts(path):
    with path.open("rb") as file:
        return {english: persian for english, persian in gettext.GNUTranslations(file)._catalog.items() if english}


def test_our_catalogue_does_not_rename_things_in_wagtails_screens():
    ours, for_wagtail = (_texts(Path(place) / "fa" / "LC_MESSAGES" / "django.mo") for place in settings.LOCALE_PATHS)
    wagtails = {}
    for path in HERE.rglob("locale/fa/LC_MESSAGES/django.mo"):
        wagtails |= _texts(path)
    wagtails |= for_wagtail
    renamed = {
        english: (persian, wagtails[english])
        for english, persian in ours.items()
        if english in wagtails and persian != wagtails[english] and english not in SAME_THING
    }
    assert renamed == {}
