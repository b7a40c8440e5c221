"""The admin in Persian: whoever works there reads no English and no Gregorian date, however he comes to a screen.

The watch sees to it that no screen asks another host for anything.
"""

import re
from collections import defaultdict

import pytest

from servicedesk.models import User
from tests.admin.conftest import names_of_people_and_things
from tests.admin.walk import Walk

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.needs("chromium")]

# What Persian writes with Latin letters too: kinds of files, names of techniques that have no other name.
ALLOWED_WORDS = """
    AVIF CSV DOC DOCX GIF ICO JPEG JPG KEY ODT PDF PNG PPTX RTF SVG TSV TXT WEBP XLS XLSX ZIP
    AA API English HTML JavaScript JSON RSS SMS Tehran TOTP URL UTC WCAG Word
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
    r"\b(?:20|۲۰)[2-9۲-۹][0-9۰-۹]\b|ژانویه|فوریه|مارس|آوریل|ژوئن|ژوئیه|اوت|سپتامبر|اکتبر|نوامبر|دسامبر"
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


def test_no_screen_of_the_admin_speaks_english_or_counts_in_latin_digits_or_gregorian_years(town, window, watch):
    names = sorted(
        (name for name in names_of_people_and_things() if re.search("[A-Za-z]", name)), key=len, reverse=True
    )
    walk = Walk(window(User.objects.get(username="admin")), watch.url)
    found, gregorian, latin, count = defaultdict(list), defaultdict(list), defaultdict(list), 0
    for screen in walk.screens():
        count += 1
        for text, where in screen.said:
            if english_in(text, names):
                found[text].append((screen.address, where))
            # Wagtail's calendar stays Gregorian; the Jalali day stands at its input.
            if where != "CALENDAR" and GREGORIAN.search(text):
                gregorian[text].append((screen.address, where))
            if screen.is_shown and where != "CALENDAR" and LATIN_DIGITS.search(STAYS.sub(" ", text)):
                latin[text].append((screen.address, where))
    assert walk.wrong == []
    assert watch.wrong == []
    assert count > 100, "the walk did not get through the admin"
    assert not found, listed(found)
    assert not gregorian, listed(gregorian)
    assert not latin, listed(latin)


def listed(found):
    """Each text with the first place where it was said."""
    return "\n".join(f"{text!r}: {places[0][0]} {places[0][1]}" for text, places in found.items())
