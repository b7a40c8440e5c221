"""A citizen's list, letter, receipt and files; what belongs to others does not exist."""

import re

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from servicedesk.views import files
from tests.factories import make_answered_letter, make_attachment, make_letter


@pytest.fixture
def letter(leila, water, service):
    return make_letter(leila, water, service=service)


def test_a_letter_in_review_is_blue_and_an_answered_one_green_with_its_answer(signed_in, leila, letter, sara, water):
    browser = signed_in(leila)
    page = browser.get("/desk/letters/").content.decode()
    assert "در حال بررسی" in page
    assert "in-review" in page
    letter.answer(by=sara, text="چراغ را عوض کردیم.", file=make_attachment(sara, name="پاسخ.png"))
    page = browser.get("/desk/letters/").content.decode()
    assert "جوابیه" in page
    assert "answered" in page
    one = browser.get(f"/desk/letters/{letter.reference}/").content.decode()
    assert "جوابیه" in one
    assert "چراغ را عوض کردیم." in one
    assert "پاسخ.png" in one


@pytest.mark.parametrize("address", ["/desk/letters/%00/", "/desk/letters/new/?service=%00", "/admin/desk/%00/"])
def test_an_address_that_no_database_takes_does_not_exist(signed_in, leila, sara, service, address):
    person = sara if "admin" in address else leila
    assert signed_in(person).get(address).status_code == 404


def test_new_answers_are_counted_until_they_are_read(signed_in, leila, letter, sara):
    browser = signed_in(leila)
    letter.answer(by=sara, text="پاسخ")
    assert browser.get("/desk/").context["new_answers"] == 1
    browser.get(f"/desk/letters/{letter.reference}/")
    assert browser.get("/desk/").context["new_answers"] == 0


NEWS = {
    "answer_meanwhile": ({"text": "در دست بررسی است."}, "۱ پاسخ تازه برایتان رسیده است."),
    "correct_answer": ({"text": "درست‌تر"}, "۱ پاسخ تازه برایتان رسیده است."),
    "ask": ({"question": "کدام کوچه؟"}, "در ۱ نامه‌تان خبر تازه‌ای هست."),
    "close": ({"text": "تکراری است."}, "در ۱ نامه‌تان خبر تازه‌ای هست."),
    "reopen": ({"text": "دوباره می‌بینیم."}, "در ۱ نامه‌تان خبر تازه‌ای هست."),
    "note": ({"text": "میان خودمان"}, None),
}


@pytest.mark.parametrize("verb", NEWS)
@pytest.mark.parametrize("looked_before", [True, False])
def test_whatever_a_citizen_is_told_of_is_news_until_the_letter_is_opened(
    signed_in, leila, letter, sara, verb, looked_before
):
    details, sentence = NEWS[verb]
    browser = signed_in(leila)
    if verb in ("correct_answer", "reopen"):
        letter.answer(by=sara, text="پاسخ")
        looked_before = True  # or else the first answer is news itself
    if looked_before:
        browser.get(f"/desk/letters/{letter.reference}/")
    assert all(words not in browser.get("/desk/").content.decode() for words in ("پاسخ تازه", "خبر تازه"))
    getattr(letter, verb)(by=sara, **details)
    page = browser.get("/desk/").content.decode()
    assert [words for words in ("پاسخ تازه", "خبر تازه") if words in page] == (
        [words for words in ("پاسخ تازه", "خبر تازه") if sentence and words in sentence]
    )
    assert sentence is None or sentence in page
    browser.get(f"/desk/letters/{letter.reference}/")
    assert all(words not in browser.get("/desk/").content.decode() for words in ("پاسخ تازه", "خبر تازه"))


def test_a_letter_with_an_answer_and_other_news_is_counted_once(signed_in, leila, letter, sara):
    letter.answer_meanwhile(by=sara, text="در دست بررسی است.")
    letter.ask(by=sara, question="کدام کوچه؟")
    context = signed_in(leila).get("/desk/").context
    assert (context["new_answers"], context["other_news"]) == (1, 0)


def test_counting_news_asks_one_thing_however_many_letters(signed_in, leila, water, sara, service):
    browser = signed_in(leila)

    def asked():
        browser.get("/desk/"), browser.get("/desk/")
        with CaptureQueriesContext(connection) as caught:
            browser.get("/desk/")
        assert sum("servicedesk_event" in query["sql"] for query in caught) == 1
        return len(caught)

    make_answered_letter(leila, water, sara, service=service)
    few = asked()
    for _ in range(8):
        make_answered_letter(leila, water, sara, service=service)
    assert asked() == few


def test_internal_notes_and_reasons_stay_inside(signed_in, leila, letter, sara, roads):
    letter.note(by=sara, text="رازی میان کارشناسان")
    letter.forward(by=sara, to=roads, reason="دلیل داخلی")
    page = signed_in(leila).get(f"/desk/letters/{letter.reference}/").content.decode()
    assert "رازی" not in page
    assert "دلیل داخلی" not in page
    assert roads.name in page


def test_a_code_on_the_desk_opens_ones_own_letter_in_any_digits(signed_in, leila, kaveh, letter):
    typed = " ".join(letter.reference.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")))
    response = signed_in(leila).post("/desk/track/own/", {"reference": typed})
    assert response["Location"] == f"/desk/letters/{letter.reference}/"
    other = signed_in(kaveh).post("/desk/track/own/", {"reference": letter.reference})
    assert other.status_code == 422


def test_the_list_is_searched_and_split_into_pages(signed_in, leila, water, service):
    for number in range(19):
        make_letter(leila, water, service=service, subject=f"موضوع {number}")
    sought = make_letter(leila, water, service=service, subject="درخت خشکیده")
    make_letter(leila, water, service=service)
    browser = signed_in(leila)
    assert len(browser.get("/desk/letters/").context["letters"]) == 20
    assert len(browser.get("/desk/letters/?page=۲").context["letters"]) == 1
    assert list(browser.get("/desk/letters/?q=درخت").context["letters"]) == [sought]
    assert list(browser.get(f"/desk/letters/?q={sought.reference}").context["letters"]) == [sought]


def test_the_list_costs_the_same_however_long(signed_in, leila, water, sara, service, django_assert_max_num_queries):
    for _ in range(12):
        make_answered_letter(leila, water, sara, service=service)
    browser = signed_in(leila)
    with django_assert_max_num_queries(16):  # one makes the settings of the site, once in its life
        browser.get("/desk/letters/")


def click(browser, letter, attachment):
    return browser.get(f"/desk/letters/{letter.reference}/files/{attachment.pk}/")


def test_ones_own_file_comes_by_a_link_of_sixty_seconds(signed_in, leila, letter):
    browser = signed_in(leila)
    response = click(browser, letter, letter.body_file)
    assert response.status_code == 302
    download = browser.get(response["Location"])
    assert b"".join(download.streaming_content).startswith(b"\x89PNG")
    assert download["Content-Disposition"].startswith("attachment;")
    assert download["X-Content-Type-Options"] == "nosniff"
    assert download["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in download["Cache-Control"]


def test_a_link_works_in_no_other_session_and_not_after_a_minute(signed_in, leila, letter, monkeypatch):
    browser = signed_in(leila)
    link = click(browser, letter, letter.body_file)["Location"]
    assert signed_in(leila).get(link).status_code == 404
    assert browser.get(link).status_code == 200
    now = timezone.now().timestamp()
    monkeypatch.setattr(signing.time, "time", lambda: now + files.LINK_LIFE + 2)
    assert browser.get(link).status_code == 404


def test_a_file_of_others_and_one_that_is_not_released_do_not_exist(signed_in, leila, kaveh, letter):
    file = letter.body_file
    assert click(signed_in(kaveh), letter, file).status_code == 404
    browser = signed_in(leila)
    link = click(browser, letter, file)["Location"]
    type(file).objects.update(state="pending")
    assert browser.get(link).status_code == 404


def test_personal_pages_are_kept_by_no_cache(signed_in, leila, letter):
    browser = signed_in(leila)
    for path in (
        "",
        "letters/",
        "letters/new/",
        f"letters/{letter.reference}/",
        f"letters/{letter.reference}/receipt/",
    ):
        assert "no-store" in browser.get(f"/desk/{path}")["Cache-Control"]


def test_the_desk_also_speaks_english(signed_in, leila, letter):
    page = signed_in(leila).get("/en/desk/letters/").content.decode()
    assert 'lang="en' in page
    assert "In review" in page


def test_every_page_after_a_form_is_fetched_with_a_new_get(signed_in, leila, letter):
    """303 instead of 302: a reload of the next page repeats nothing."""
    response = signed_in(leila).post("/desk/track/own/", {"reference": letter.reference})
    assert response.status_code == 303


def test_no_title_tells_what_a_letter_is_about(signed_in, leila, water, service, admin_user):
    """Titles stay in the history of a shared computer's browser."""
    letter = make_letter(leila, water, subject="موضوعِ خصوصی", sender_name="نامِ خصوصی")
    citizen, clerk = signed_in(leila), signed_in(admin_user)
    desk = (
        "/desk/",
        "/desk/letters/",
        f"/desk/letters/{letter.reference}/",
        f"/desk/letters/{letter.reference}/receipt/",
    )
    pages = [citizen.get(address).content.decode() for address in desk]
    pages += [clerk.get(f"/admin/desk/{address}").content.decode() for address in ("", f"{letter.reference}/")]
    titles = [re.search("<title>(.*?)</title>", page, re.S)[1] for page in pages]
    assert not [title for title in titles if "خصوصی" in title]
    in_persian = letter.reference.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert [in_persian in title for title in titles] == [False, False, True, False, False, True]


def test_searching_in_ones_letters_has_an_end(signed_in, leila, water, service):
    browser = signed_in(leila)
    codes = [browser.get("/desk/letters/", {"q": "x"}).status_code for _ in range(61)]
    assert codes == [200] * 60 + [429]
    assert browser.get("/desk/letters/").status_code == 200
