"""Conditions that ask about a day: what the editor may type, what citizens read and how it is judged."""

import uuid

import pytest

from servicedesk.models import Letter
from tests.questions import make_form_service, name, question, section

pytestmark = pytest.mark.django_db


def asking(operator, value):
    """(the date, what depends on it, their service, not saved anew)."""
    begins = question("jalali_date", "آغاز کار")
    depends = question("short_text", "چرا", rules=[(begins, operator, value)])
    return begins, depends, make_form_service(section(begins, depends), file_asked="none")


@pytest.mark.parametrize(
    "typed",
    ["۱۴۰۵/۲/۳", "١٤٠٥/٠٢/٠٣", "1405-2-3", "1405-02-03", "3/2/1405", "۳ اردیبهشت ۱۴۰۵", "پنجشنبه ۳ اردیبهشت ۱۴۰۵"],
)
def test_the_editor_types_a_day_in_any_writing(typed):
    begins, depends, service = asking("on-or-after", typed)
    assert service.form_problems() == []
    [rule] = service.outline().by_id[depends["id"]].condition.rules
    assert (rule.question, rule.operator, rule.value) == (begins["id"], "on-or-after", "2026-04-23")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "تاریخ را وارد کنید."),
        ("فردا", "این تاریخ نیست."),
        ("1405/2", "این تاریخ نیست."),
        ("۱۴۰۴/۱۲/۳۰", "اسفند ۱۴۰۴ ۲۹ روز دارد و روز ۳۰ ندارد."),
        ("۰۵/۲/۳", "سال را چهاررقمی بنویسید"),
        ("2026/4/23", "این تاریخ میلادی است."),
        # As days are stored, but no day.
        ("2026-13-45", "این تاریخ میلادی است."),
    ],
)
def test_what_is_no_day_does_not_go_out(typed, sentence):
    *_, service = asking("on", typed)
    [problem] = service.form_problems()
    assert problem.startswith("شرطِ «چرا»، «آغاز کار» را با چیزی می‌سنجد")
    assert sentence in problem


def test_a_comparison_that_dates_do_not_have_is_refused():
    *_, service = asking("at-least", "1405/2/3")
    assert len(service.form_problems()) == 1


@pytest.mark.parametrize(
    ("operator", "words", "asked_on"),
    [
        ("on", "«آغاز کار» روز ۳ اردیبهشت ۱۴۰۵ است", {"۳"}),
        ("on-or-after", "«آغاز کار» روز ۳ اردیبهشت ۱۴۰۵ یا پس از آن است", {"۳", "۴"}),
        ("on-or-before", "«آغاز کار» روز ۳ اردیبهشت ۱۴۰۵ یا پیش از آن است", {"۲", "۳"}),
    ],
)
def test_citizens_read_it_and_are_asked_by_it(citizen, operator, words, asked_on):
    begins, depends, _service = asking(operator, "1405/2/3")
    page = citizen.open().content.decode()
    assert words in page
    assert page.index("typed-dates") < page.index("js/conditions")
    for day in "۲۳۴":
        citizen.key = str(uuid.uuid4())
        answer = citizen.send(**{name(begins): f"۱۴۰۵/۲/{day}"})
        assert (answer.status_code == 422) == (day in asked_on)
    assert Letter.objects.count() == 3 - len(asked_on)
