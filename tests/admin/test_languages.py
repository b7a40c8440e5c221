"""The admin in one language: whoever works there in Persian reads no English and no Gregorian date, and whoever works
in English no Persian but what people wrote, however he comes to a screen.

Superusers see nearly everything, so their screens are opened one by one, in two halves that two processes can walk
through; of the others' screens only the words differ, so those are read as they come, and so are all in English, to
which the same scripts belong. The watch sees to it that no screen asks another host for anything.
"""

import re
from collections import defaultdict

import pytest
from wagtail.users.models import UserProfile

from servicedesk.models import User
from tests.admin.conftest import names_of_people_and_things, written_by_people
from tests.admin.walk import Walk, is_about_pages

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.needs("chromium")]

# What Persian writes with Latin letters too: kinds of files, names of techniques that have no other name, a key.
ALLOWED_WORDS = """
    AVIF CSV DOC DOCX GIF ICO JPEG JPG KEY ODT PDF PNG PPTX RTF SVG TSV TXT WEBP XLS XLSX ZIP
    AA API English Enter HTML JavaScript JSON RSS SMS Tehran TOTP URL UTC WCAG Word
"""
ALLOWED = frozenset(re.findall(r"\w+", ALLOWED_WORDS))
WORD = re.compile(r"[A-Za-z][A-Za-z'’]+")
# Addresses, e-mails, paths, names of files and models, an example of an anchor, and which Wagtail this is.
DATA = re.compile(
    r"https?://\S+|\S+@\S+|localhost\S*|(?:/[\w.-]+)+/?|[\w-]+\.(?:png|pdf|jpe?g|zip|html?)\b|\.\w{2,5}\b"
    r"|\b(?:home|servicedesk)\.\w+|\bsign-in\b|Wagtail v[0-9.]+|WCAG [0-9.]+"
)


# A year of ours, or a month, in the Gregorian calendar.
GREGORIAN = re.compile(
    r"\b(?:(?:20|۲۰)[2-9۲-۹][0-9۰-۹]|ژانویه|فوریه|مارس|آوریل|ژوئن|ژوئیه|اوت|سپتامبر|اکتبر|نوامبر|دسامبر)\b"
)
# A word of digits alone, with what stands around and between them; a day of Wagtail's calendar is told above.
LATIN_DIGITS = re.compile(r"(?<![\w./:@#-])[^\w\s]*[0-9][0-9.,:/%]*[^\w\s]*(?![\w@-])")
STAYS = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}(?:-[0-9]{{2}})?|{DATA.pattern}")


def english_in(text, names):
    for name in names:
        if name in text:
            text = text.replace(name, " ")
    text = DATA.sub(" ", text)
    return [word for word in WORD.findall(text) if word not in ALLOWED and word.upper() not in ALLOWED]


PERSIAN = re.compile("[\u0600-\u06ff]+")
# A language is called by its own name everywhere.
OWN_NAMES = ("فارسی",)
ROLES = ("editor", "reviewer", "clerk-1")
# Who walks, which part of it, whether the screens are opened, and how many there are at least: the town's pages in each
# state (scheduled, locked, sent back …) are Persian ones.
PERSIAN_WAYS = {
    "superuser, pages": (("admin",), is_about_pages, True, 70),
    "superuser, the rest": (("admin",), lambda path: not is_about_pages(path), True, 70),
    "roles": (ROLES, lambda path: True, False, 100),
}
ENGLISH_WAYS = {
    "superuser": (("admin",), lambda path: True, False, 100),
    "roles": (ROLES, lambda path: True, False, 100),
}


@pytest.mark.parametrize("way", PERSIAN_WAYS.values(), ids=PERSIAN_WAYS)
def test_in_persian_no_screen_speaks_english_or_counts_in_latin_digits_or_gregorian_years(town, window, watch, way):
    names = sorted(
        (name for name in names_of_people_and_things() if re.search("[A-Za-z]", name)), key=len, reverse=True
    )
    found, gregorian, latin = defaultdict(list), defaultdict(list), defaultdict(list)
    for who, screen in screens(window, watch, "fa", way):
        for text, where in screen.said:
            if english_in(text, names):
                found[text].append((who, screen.address, where))
            # Wagtail's calendar stays Gregorian; the Jalali day stands at its input.
            if where != "CALENDAR" and GREGORIAN.search(text):
                gregorian[text].append((who, screen.address, where))
            if screen.is_shown and where != "CALENDAR" and LATIN_DIGITS.search(STAYS.sub(" ", text)):
                latin[text].append((who, screen.address, where))
    assert not found, listed(found)
    assert not gregorian, listed(gregorian)
    assert not latin, listed(latin)


@pytest.mark.parametrize("way", ENGLISH_WAYS.values(), ids=ENGLISH_WAYS)
def test_in_english_no_screen_speaks_persian(town, window, watch, way):
    for user in User.objects.filter(is_staff=True):
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "en"})
    contents, found = [*written_by_people(), *OWN_NAMES], defaultdict(list)
    for who, screen in screens(window, watch, "en", way):
        for text, where in screen.said:
            if PERSIAN.search(text) and persian_in(text, contents):
                found[text].append((who, screen.address, where))
    assert not found, listed(found)


def screens(window, watch, language, way):
    """(who, ``Screen``) of the whole way, which must be as long as it is known to be, and nothing on it may break."""
    people, part, shown, at_least = way
    count = 0
    for who in people:
        walk = Walk(window(User.objects.get(username=who)), watch.url, language, part=part, shown=shown)
        for screen in walk.screens():
            yield who, screen
        assert walk.wrong == []
        count += len(walk.seen)
    assert watch.wrong == []
    assert count >= at_least, "the walk did not get through the admin"


def persian_in(text, contents):
    for content in contents:
        if content in text:
            text = text.replace(content, " ")
    return PERSIAN.findall(text)


def listed(found):
    """Each text with the first place where it was said."""
    return "\n".join(f"{text!r}: {' '.join(places[0])}" for text, places in found.items())
