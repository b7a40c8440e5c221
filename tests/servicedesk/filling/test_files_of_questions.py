"""What a question for files takes, by kinds, sizes and number, and what it refuses: each with its own sentence."""

import os

import pytest

from servicedesk.models import Letter
from tests.factories import png, upload
from tests.questions import make_form_service, name, question, section
from tests.servicedesk.uploads.samples import jpg, pdf

pytestmark = pytest.mark.django_db
# Whatever it is made into, no picture of noise becomes small.
NOISE = os.urandom(12_000)
TEN = {"kilobytes": 10}


def named(*files):
    return [upload(label, content) for label, content in files]


def sent(citizen, files, **options):
    """The answer to a form with one question for files, and the sentences beside it."""
    asked = question("file", "سند", **options)
    make_form_service(section(asked), file_asked="none")
    response = citizen.send(body_file="", **({name(asked): files} if files else {}))
    is_sent = response.status_code == 303
    return response, [] if is_sent else list(response.context["form"].errors.get(name(asked), []))


@pytest.mark.parametrize(
    ("options", "files"),
    [
        ({}, [("سند.png", png())]),
        ({}, [("سند.PDF", pdf())]),
        ({}, [("سند.jpeg", jpg())]),
        ({"kinds": ["png"]}, [("سند.png", png())]),
        (TEN, [("سند.png", png())]),
        ({"most": 3}, [("۱.png", png())]),
        ({"most": 3}, [("۱.png", png()), ("2.pdf", pdf()), ("٣.jpg", jpg())]),
        ({"required": False}, []),
        ({"required": False, "most": 3}, []),
    ],
)
def test_what_is_taken(citizen, options, files):
    response, said = sent(citizen, named(*files), **options)
    assert (response.status_code, said) == (303, [])
    # In the order of the form, as they were called.
    assert sorted(file.name for file in Letter.objects.get().own_files) == sorted(label for label, _content in files)


ONE_ONLY = "فقط یک فایل انتخاب کنید."
REFUSED = {
    "nothing": ({}, [], "فایل این پرسش را انتخاب کنید."),
    "nothing of several": ({"most": 3}, [], "فایل این پرسش را انتخاب کنید."),
    "a kind that nobody takes": ({}, [("سند.exe", b"MZ")], "این نوع فایل را نمی‌توان فرستاد."),
    "a kind of other questions": ({"kinds": ["pdf"]}, [("سند.png", png())], "دوباره انتخاب کنید: PDF."),
    "without an ending": ({}, [("سند", png())], "این نوع فایل را نمی‌توان فرستاد."),
    "empty": ({}, [("سند.png", b"")], "این فایل خالی است."),
    "too large": (TEN, [("سند.pdf", b"%PDF-1.4\n" + NOISE)], "این فایل از ۱۰ کیلوبایت بزرگ‌تر است"),
    "another inside": ({}, [("سند.pdf", png())], "نام این فایل می‌گوید «سند PDF» است"),
    "damaged": ({}, [("سند.png", png()[:60])], "این تصویر آسیب دیده یا کامل نرسیده است."),
    "two in the place of one": ({}, [("۱.png", png()), ("۲.png", png(50))], ONE_ONLY),
    "three in the place of two": ({"most": 2}, [(f"{one}.png", png(40 + one)) for one in range(3)], "حداکثر ۲ فایل"),
    "one bad of two": ({"most": 2}, [("۱.png", png()), ("۲.txt", b"x")], "این نوع فایل را نمی‌توان فرستاد."),
}


@pytest.mark.parametrize(("options", "files", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(citizen, options, files, sentence):
    response, said = sent(citizen, named(*files), **options)
    assert response.status_code == 422
    assert len(said) == 1
    assert sentence in said[0]
    assert not Letter.objects.exists()


def test_the_kinds_are_named_that_the_question_takes(citizen):
    _response, [said] = sent(citizen, named(("سند.exe", b"MZ")), kinds=["jpg"])
    assert "JPG، JPEG." in said
    assert "PNG" not in said


def test_the_good_one_of_two_stays_beside_the_bad_one(citizen):
    response, _said = sent(citizen, named(("۱.png", png()), ("۲.txt", b"x")), most=2)
    assert "۱.png" in response.content.decode()
