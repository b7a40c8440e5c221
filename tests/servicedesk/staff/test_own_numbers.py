"""The admin's home page tells each person of the staff what is his on the desk, in numbers that lead to their lists."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.users.models import UserProfile

from servicedesk.models import AnswerDraft, DeskSettings, Letter, Reply, UnitMembership, User
from servicedesk.roles import Role
from tests.factories import make_letter, make_staff, make_unit

from .conftest import page_of
from .test_inbox import INBOX, due, subjects
from .unit_steps import give, home_of, let_go_days, make_stand_in

pytestmark = pytest.mark.django_db
HOME = "/admin/"
MINE, ASKED, ANSWERED = "نامه‌های به نام شما", "در انتظار شما", "پاسخ‌های نهایی شما"
OPEN, OVERDUE, TODAY, NOBODYS = "باز", "دیرکرد", "با موعد امروز", "بی‌مسئول"
APPROVALS, OPINIONS = "پاسخ در انتظار تأیید شما", "نظر که از واحد شما خواسته‌اند"


def numbers(browser):
    """{the group's title: {label: (number, address or "")}} as they stand there."""
    page = browser.get(HOME).content.decode()
    panel = re.search(r'aria-labelledby="own-numbers".*?</section>', page, re.S)
    groups = re.findall(r"<h3>(.*?)</h3>\s*<ul>(.*?)</ul>", panel.group(0), re.S) if panel else []
    figure = re.compile(r'<li><(?:a href="([^"]*)"|span)[^>]*><b>([^<]*)</b> ([^<]*)</')
    return {
        html.unescape(title): {label: (number, html.unescape(way)) for way, number, label in figure.findall(items)}
        for title, items in groups
    }


def listed(browser, address):
    response = browser.get(address)
    assert response.status_code == 200
    return sorted(subjects(response))


@pytest.fixture
def letter_of(leila, water, service):
    """``letter_of("نامه", days=-1, assignee=sara)``: a letter that is due in so many days."""

    def make(subject, *, days=9, unit=water, **values):
        letter = make_letter(leila, unit, service=service, subject=subject)
        due(letter, days)
        Letter.objects.filter(pk=letter.pk).update(**values)
        letter.refresh_from_db()
        return letter

    return make


# --- The numbers -----------------------------------------------------------------------------------------------------


def test_the_letters_that_are_mine_are_counted_and_listed(signed_in, sara, reza, roads, letter_of):
    letter_of("دیر", days=-1, assignee=sara)
    letter_of("دیرتر", days=-5, assignee=sara)
    letter_of("امروز", days=0, assignee=sara)
    letter_of("منتظر شهروند", days=-1, assignee=sara, status="waiting")
    letter_of("پاسخ داده", days=-1, assignee=sara, status="answered")
    letter_of("همکار", days=-1, assignee=reza)
    letter_of("کسی نیست", days=0)
    letter_of("جای دیگر", days=-1, assignee=sara, unit=roads)
    browser = signed_in(sara)
    mine = numbers(browser)[MINE]
    assert {label: number for label, (number, _way) in mine.items()} == {OPEN: "۴", OVERDUE: "۲", TODAY: "۱"}
    assert listed(browser, mine[OPEN][1]) == sorted(["دیر", "دیرتر", "امروز", "منتظر شهروند"])
    assert listed(browser, mine[OVERDUE][1]) == ["دیر", "دیرتر"]
    assert listed(browser, mine[TODAY][1]) == ["امروز"]


def test_answers_wait_for_those_who_may_let_them_out(signed_in, sara, mina, roads, letter_of):
    # Approver there, head here; in the third one only clerk.
    parks = make_unit("پارک‌ها", mina)
    UnitMembership.objects.create(unit=roads, user=mina, role=Role.APPROVER)
    for unit in (roads, parks):
        UnitMembership.objects.create(unit=unit, user=sara)
    for subject, unit in (("آب", sara.memberships.first().unit), ("راه", roads), ("پارک", parks)):
        letter_of(subject, unit=unit).hand_in(by=sara, kind=AnswerDraft.Kind.FINAL, text="پاسخ")
    corrected = letter_of("اصلاح")
    corrected.answer(by=sara, text="پاسخ")
    corrected.hand_in(by=sara, kind=AnswerDraft.Kind.CORRECTION, text="پاسخ درست")
    AnswerDraft.keep(letter=letter_of("نیمه‌کاره"), author=sara, text="…", kind="final", form_key="0" * 32)
    browser = signed_in(mina)
    number, way = numbers(browser)[ASKED][APPROVALS]
    assert number == "۳"
    assert listed(browser, way) == sorted(["آب", "راه", "اصلاح"])
    assert APPROVALS not in numbers(signed_in(sara))[ASKED]
    # Nor is the list there for those whom it does not concern.
    assert signed_in(sara).get(way).status_code == 400


def test_opinions_that_my_units_owe(signed_in, sara, omid, reza, water, roads, letter_of):
    for subject in ("یک", "دو", "گفته", "بسته"):
        letter_of(subject).consult(by=sara, unit=roads, question="نظر شما؟")
    said = Letter.objects.get(subject="گفته")
    said.advise(by=omid, opinion=said.opinions.get(), text="بله")
    Letter.objects.filter(subject="بسته").update(status="closed")
    letter_of("رونوشت").send_copy(by=sara, to=roads)
    browser = signed_in(omid)
    number, way = numbers(browser)[ASKED][OPINIONS]
    assert number == "۲"
    assert listed(browser, way) == sorted(["یک", "دو"])
    assert numbers(signed_in(sara))[ASKED][OPINIONS] == ("۰", "")
    # A reader may not say it.
    assert ASKED not in numbers(signed_in(reza))


def test_an_opinion_between_two_units_of_mine_is_owed_and_listed(signed_in, sara, roads, letter_of):
    UnitMembership.objects.create(unit=roads, user=sara)
    letter_of("خودم").consult(by=sara, unit=roads, question="نظر شما؟")
    browser = signed_in(sara)
    [(number, way)] = [found for label, found in numbers(browser)[ASKED].items() if label.startswith("نظر")]
    assert number == "۱"
    assert listed(browser, way) == ["خودم"]


def test_final_answers_that_i_wrote_today_and_in_seven_days(signed_in, sara, mina, letter_of):
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for days in (0, 1, 6, 7):
        letter = letter_of(f"نامه {days}")
        letter.answer(by=sara, text="بله")
        moment = midnight - timedelta(days=days)
        Reply.objects.filter(letter=letter).update(at=moment)
    letter_of("میانی").answer_meanwhile(by=sara, text="در دست بررسی")
    letter.correct_answer(by=sara, text="بله، درست‌تر")
    handed = letter_of("تأییدشده")
    handed.hand_in(by=sara, kind=AnswerDraft.Kind.FINAL, text="پاسخ")
    handed.let_out(by=mina, draft=AnswerDraft.objects.get(letter=handed))
    assert numbers(signed_in(sara))[ANSWERED] == {"امروز": ("۲", ""), "در ۷ روز": ("۴", "")}
    assert numbers(signed_in(mina))[ANSWERED] == {"امروز": ("۰", ""), "در ۷ روز": ("۰", "")}


def test_heads_and_who_stands_in_for_them_see_what_is_late_and_nobodys_in_each_unit(
    signed_in, mina, sara, roads, letter_of
):
    UnitMembership.objects.create(unit=roads, user=mina)
    letter_of("دیر", days=-1, assignee=sara)
    letter_of("بی‌کس", days=3)
    letter_of("راه", days=-1, unit=roads)
    browser = signed_in(mina)
    found = numbers(browser)
    assert "معابر و ترافیک" not in found
    unit = found["آب و فاضلاب"]
    assert (unit[OVERDUE][0], unit[NOBODYS][0]) == ("۱", "۱")
    assert listed(browser, unit[OVERDUE][1]) == ["دیر"]
    assert listed(browser, unit[NOBODYS][1]) == ["بی‌کس"]
    assert "آب و فاضلاب" not in numbers(signed_in(sara))
    stand_in = make_stand_in(mina, sara.memberships.get().unit, sara)
    assert numbers(signed_in(sara))["آب و فاضلاب"] == unit
    let_go_days(stand_in)
    assert "آب و فاضلاب" not in numbers(signed_in(sara))


def test_zeros_lead_nowhere(signed_in, mina):
    found = numbers(signed_in(mina))
    assert {figure for group in found.values() for figure in group.values()} == {("۰", "")}


def test_digits_and_words_are_those_of_the_language(signed_in, sara, letter_of):
    UserProfile.objects.create(user=sara, preferred_language="en")
    letter_of("نامه", assignee=sara)
    found = numbers(signed_in(sara))
    assert found["Letters that are yours"] == {
        "open": ("1", f"{INBOX}?tab=mine"),
        "overdue": ("0", ""),
        "due today": ("0", ""),
    }


def test_large_numbers_are_bounded_and_say_so(signed_in, sara, letter_of, monkeypatch):
    for name in "abc":
        letter_of(name, assignee=sara)
    for module in ("own_desk", "menu"):
        monkeypatch.setattr(f"servicedesk.staff.{module}.MOST_COUNTED", 2)
    assert numbers(signed_in(sara))[MINE][OPEN][0] == "۲+"


# --- Who sees it -----------------------------------------------------------------------------------------------------


def test_somebody_without_a_desk_sees_nothing_of_it(signed_in, editor):
    assert numbers(signed_in(editor)) == {}


def test_readers_and_auditors_are_not_asked_for_what_they_cannot_do(signed_in, reza, editor):
    give(editor, "audit_letters")
    assert set(numbers(signed_in(reza))) == {MINE}
    assert set(numbers(signed_in(editor))) == {MINE}


def test_a_superuser_may_let_all_answers_out_and_speaks_for_no_unit(signed_in, admin_user, sara, letter_of):
    letter_of("آب").hand_in(by=sara, kind=AnswerDraft.Kind.FINAL, text="پاسخ")
    browser = signed_in(admin_user)
    found = numbers(browser)
    assert set(found[ASKED]) == {APPROVALS}
    assert listed(browser, found[ASKED][APPROVALS][1]) == ["آب"]


def test_a_registrar_with_a_unit_finds_the_opinions_of_that_unit(signed_in, sara, omid, roads, letter_of):
    give(omid, "keep_registry")
    letter_of("یک").consult(by=sara, unit=roads, question="نظر شما؟")
    letter_of("دیگر").consult(by=sara, unit=make_unit("پارک‌ها"), question="نظر شما؟")
    browser = signed_in(omid)
    number, way = numbers(browser)[ASKED][OPINIONS]
    assert (number, listed(browser, way)) == ("۱", ["یک"])


# --- What it costs ---------------------------------------------------------------------------------------------------


def test_all_numbers_are_counted_in_one_statement_however_many_they_are(signed_in, mina, roads, letter_of):
    browser = signed_in(mina)

    def asked():
        browser.get(HOME), browser.get(HOME)
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(HOME).status_code == 200
        counting = [query for query in caught if "reply" in query["sql"] and "COUNT(*)" in query["sql"]]
        return len(caught), len(counting)

    few = asked()
    for number in range(3):
        UnitMembership.objects.create(unit=make_unit(f"واحد {number}"), user=mina, role=Role.HEAD)
    letter_of("نامه", assignee=mina, days=-1)
    many = asked()
    assert few[1] == many[1] == 1
    # With a letter to show there is one more, for its words; the units cost none.
    assert many[0] <= few[0] + 1
    assert many[0] <= 30


# --- Who gets no morning digest --------------------------------------------------------------------------------------


def test_the_page_of_a_unit_tells_which_heads_get_no_digest(signed_in, mina, sara, water):
    head = make_staff("nima", first_name="نیما", last_name="بی‌نشان")
    UnitMembership.objects.create(unit=water, user=head, role=Role.HEAD)
    User.objects.filter(pk__in=[head.pk, sara.pk]).update(email="")
    browser = signed_in(mina)
    words = "نشانی ایمیل ندارد و برای همین خلاصهٔ صبح به او نمی‌رسد"
    page = page_of(browser.get(home_of(water)))
    assert page.count(words) == 1
    assert f"نیما بی‌نشان {words}" in page
    make_stand_in(mina, water, sara)
    assert f"sara {words}" in page_of(browser.get(home_of(water)))
    desk = DeskSettings.load()
    desk.morning_digest = False
    desk.save()
    assert words not in page_of(browser.get(home_of(water)))
