"""The inbox shows a clerk the letters of his units and nobody else's, what is due first on top."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from servicedesk.models import Letter, LetterWords, UnitMembership
from servicedesk.persian import jalali_short
from servicedesk.staff.inbox.tabs import TABS
from tests import factories

from .conftest import at, page_of

INBOX = "/admin/desk/"


def subjects(response):
    return re.findall(r'desk-cell-subject"><a [^>]*><bdi>([^<]+)', response.content.decode())


def counts(response):
    """{the tab's name: its count as it stands there}."""
    return dict(
        re.findall(r'[?;]tab=([\w-]+)"[^>]*>[^<]*<span class="desk-count[^>]*>([^<]+)', response.content.decode())
    )


def age(letter, days):
    Letter.objects.filter(pk=letter.pk).update(submitted_at=timezone.now() - timedelta(days=days))


def due(letter, days):
    """Its answer is due in so many days."""
    Letter.objects.filter(pk=letter.pk).update(due_on=timezone.localdate() + timedelta(days=days))


@pytest.fixture
def three(leila, water, service):
    """Letters that are due in nine, minus two and four days."""
    letters = [
        factories.make_letter(leila, water, service=service, subject=f"نامهٔ {n}") for n in ("نو", "کهنه", "میانه")
    ]
    for letter, came, days in zip(letters, (0, 9, 4), (9, -2, 4), strict=True):
        age(letter, came)
        due(letter, days)
    return letters


def test_what_is_late_comes_first_and_then_what_is_due_next(signed_in, sara, three, leila, water, service):
    without_day = factories.make_letter(leila, water, service=service, subject="بی‌وعده")
    Letter.objects.filter(pk=without_day.pk).update(due_on=None)
    response = signed_in(sara).get(INBOX)
    assert response.status_code == 200
    assert subjects(response) == ["نامهٔ کهنه", "نامهٔ میانه", "نامهٔ نو", "بی‌وعده"]
    assert "۲ روز دیر" in page_of(response)
    assert "امروز" in page_of(response)


def test_the_age_counts_working_days(signed_in, sara, three):
    # Of any seven days five are working days, here without holidays.
    age(three[1], 14)
    assert "۱۰ روز کاری" in page_of(signed_in(sara).get(INBOX))


def test_letters_of_other_units_are_not_there(signed_in, omid, three):
    response = signed_in(omid).get(INBOX, {"tab": "all"})
    assert subjects(response) == []
    assert "نامهٔ کهنه" not in page_of(response)


def test_a_superuser_sees_every_unit(signed_in, admin_user, three, leila, roads, service):
    factories.make_letter(leila, roads, service=service, subject="چاله")
    assert len(subjects(signed_in(admin_user).get(INBOX))) == 4


# --- Tabs -----------------------------------------------------------------------------------------


def test_each_letter_stands_in_the_tabs_that_fit_it(signed_in, sara, three, leila, water, service):
    today, waiting, mine, done = (
        factories.make_letter(leila, water, service=service, subject=words)
        for words in ("امروزی", "پرسیده", "از من", "پاسخ‌گرفته")
    )
    for letter, days in ((today, 0), (waiting, -3), (mine, 30), (done, 1)):
        due(letter, days)
    waiting.ask(by=sara, question="کدام کوچه؟")
    mine.assign(by=sara, to=sara)
    done.answer(by=sara, text="انجام شد.")
    browser = signed_in(sara)
    stand = {
        "open": ["پرسیده", "نامهٔ کهنه", "امروزی", "نامهٔ میانه", "نامهٔ نو", "از من"],
        "overdue": ["نامهٔ کهنه"],
        "today": ["امروزی"],
        "waiting": ["پرسیده"],
        "unassigned": ["پرسیده", "نامهٔ کهنه", "امروزی", "نامهٔ میانه", "نامهٔ نو"],
        "mine": ["از من"],
        "answered": ["پاسخ‌گرفته"],
    }
    for tab, expected in stand.items():
        assert subjects(browser.get(INBOX, {"tab": tab})) == expected, tab
    assert len(subjects(browser.get(INBOX, {"tab": "all"}))) == 7
    shown = counts(browser.get(INBOX))
    assert shown == {
        "open": "۶", "overdue": "۱", "today": "۱", "week": shown["week"], "waiting": "۱", "unassigned": "۵",
        "mine": "۱", "answered": "۱", "all": "۷",
    }  # fmt: skip


def test_this_week_reaches_from_today_to_friday(signed_in, sara, leila, water, service):
    today = timezone.localdate()
    to_friday = (4 - today.weekday()) % 7
    for days in (-1, 0, to_friday, to_friday + 1):
        letter = factories.make_letter(leila, water, service=service, subject=f"روز {days}")
        due(letter, days)
    assert set(subjects(signed_in(sara).get(INBOX, {"tab": "week"}))) == {"روز 0", f"روز {to_friday}"}


def test_a_unit_that_was_asked_finds_the_letter_in_a_tab_of_its_own(signed_in, sara, omid, roads, letter):
    browser = signed_in(omid)
    assert "shown" not in counts(browser.get(INBOX))
    letter.consult(by=sara, unit=roads, question="نظر شما؟")
    assert counts(browser.get(INBOX))["shown"] == "۱"
    assert subjects(browser.get(INBOX, {"tab": "shown"})) == [letter.subject]
    assert subjects(browser.get(INBOX, {"tab": "all"})) == []


def test_a_large_count_is_bounded_and_says_so(signed_in, sara, three, monkeypatch):
    monkeypatch.setattr("servicedesk.staff.own_desk.MOST_COUNTED", 2)
    monkeypatch.setattr("servicedesk.staff.inbox.views.MOST_COUNTED", 2)
    browser = signed_in(sara)
    assert counts(browser.get(INBOX))["open"] == "۲+"
    assert counts(browser.get(INBOX, {"q": "نامه"}))["all"] == "۲+"


# --- News -----------------------------------------------------------------------------------------


def test_a_letter_is_new_until_one_has_looked_and_again_once_something_happened(signed_in, sara, water, letter):
    browser, colleague = signed_in(sara), factories.make_staff("colleague", water)
    assert ">جدید<" in browser.get(INBOX).content.decode()
    browser.get(at("letter", letter))
    assert ">جدید<" not in browser.get(INBOX).content.decode()
    letter.note(by=colleague, text="زنگ زد.")
    assert ">جدید<" in browser.get(INBOX).content.decode()
    # Within ten minutes of the first look, too.
    browser.get(at("letter", letter))
    assert ">جدید<" not in browser.get(INBOX).content.decode()
    assert ">جدید<" in signed_in(colleague).get(INBOX).content.decode()


# --- The way here ---------------------------------------------------------------------------------


def test_an_editor_without_a_unit_meets_a_friendly_page_and_no_menu_item(signed_in, editor):
    browser = signed_in(editor)
    assert "عضو هیچ واحدی نیستید" in page_of(browser.get(INBOX))
    assert INBOX not in browser.get("/admin/").content.decode()


def test_the_menu_counts_open_letters(signed_in, sara, three):
    home = signed_in(sara).get("/admin/").content.decode()
    assert "\\u0645\\u06cc\\u0632 \\u062e\\u062f\\u0645\\u062a (\\u06f3)" in home or "میز خدمت (۳)" in home


@pytest.mark.parametrize("who", ["leila", None])
def test_strangers_and_citizens_are_sent_to_the_sign_in_of_the_admin(client, signed_in, leila, who):
    browser = signed_in(leila) if who else client
    response = browser.get(INBOX)
    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")


def test_nothing_but_reading_is_allowed(signed_in, sara):
    assert signed_in(sara).post(INBOX).status_code == 405


# --- Filters --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        {"unit": "999999"},
        {"unit": "abc"},
        {"status": "burnt"},
        {"tab": "x"},
        {"assignee": "999999"},
        {"assignee": "x"},
        {"files": "perhaps"},
        {"since": "1405/13/40"},
        {"since": "1405/05/02", "until": "1405/05/01"},
        {"after": "1405"},
        {"before": "2026-01-01~x"},
        {"after": "2026-01-01~99999999999999999999999999"},
    ],
)
def test_a_filter_that_does_not_exist_says_so_and_shows_nothing(signed_in, sara, three, query):
    response = signed_in(sara).get(INBOX, query)
    assert response.status_code == 400
    assert subjects(response) == []
    assert "این فیلتر وجود ندارد" in page_of(response)


def test_the_unit_filter_offers_only_ones_own_units(signed_in, sara, roads, three):
    response = signed_in(sara).get(INBOX, {"unit": roads.pk})
    assert response.status_code == 400
    assert subjects(response) == []


def test_filters_by_unit_and_status(signed_in, admin_user, sara, roads, leila, service, three):
    factories.make_letter(leila, roads, service=service, subject="چاله")
    browser = signed_in(admin_user)
    assert subjects(browser.get(INBOX, {"unit": roads.pk})) == ["چاله"]
    assert subjects(browser.get(INBOX, {"tab": "all", "status": "answered"})) == []


def test_filters_by_who_has_it(signed_in, sara, water, three):
    colleague = factories.make_staff("colleague", water)
    three[0].assign(by=sara, to=sara)
    three[1].assign(by=sara, to=colleague)
    browser = signed_in(sara)
    for assignee, expected in (("me", "نامهٔ نو"), (str(colleague.pk), "نامهٔ کهنه"), ("nobody", "نامهٔ میانه")):
        assert subjects(browser.get(INBOX, {"assignee": assignee})) == [expected]


def test_filters_by_the_days_on_which_they_came(signed_in, sara, three):
    def written(days):
        return jalali_short(timezone.now() - timedelta(days=days))

    browser = signed_in(sara)
    assert subjects(browser.get(INBOX, {"since": written(4)})) == ["نامهٔ میانه", "نامهٔ نو"]
    assert subjects(browser.get(INBOX, {"until": written(4)})) == ["نامهٔ کهنه", "نامهٔ میانه"]
    assert subjects(browser.get(INBOX, {"since": written(4), "until": written(4)})) == ["نامهٔ میانه"]


def test_filters_by_having_a_file(signed_in, sara, three):
    three[1].attachments.all().update(letter=None)
    browser = signed_in(sara)
    assert subjects(browser.get(INBOX, {"files": "no"})) == ["نامهٔ کهنه"]
    assert subjects(browser.get(INBOX, {"files": "yes"})) == ["نامهٔ میانه", "نامهٔ نو"]


# --- Pages ----------------------------------------------------------------------------------------


def many(template, count, **values):
    """So many letters like the first one, due one day after the other; their subjects."""
    today = timezone.localdate()
    for number in range(count):
        template.pk, template.reference = None, f"{1_000_000_000 + number}"
        template.form_key = f"00000000-0000-0000-0000-{number:012d}"
        template.subject, template.due_on = f"شماره {number}", today + timedelta(days=number // 2)
        for name, value in values.items():
            setattr(template, name, value)
        template._state.adding = True
        template.save()
        LetterWords.keep(template)
    return [f"شماره {number}" for number in range(count)]


def link(response, rel):
    """The address of a neighbouring page, or None."""
    found = re.search(rf'rel="{rel}" href="([^"]+)"', response.content.decode())
    return INBOX + found[1].replace("&amp;", "&") if found else None


def test_pages_follow_each_other_without_gap_or_double(signed_in, sara, leila, water, roads, service):
    UnitMembership.objects.create(unit=roads, user=sara)
    first = factories.make_letter(leila, water, service=service)
    expected = many(first, 60)
    Letter.objects.filter(reference__endswith="7").update(unit=roads)
    browser = signed_in(sara)
    seen, pages, address = [], [], f"{INBOX}?q=شماره"
    assert link(browser.get(address), "prev") is None
    while address:
        response = browser.get(address)
        pages.append(subjects(response))
        seen += pages[-1]
        address = link(response, "next")
    assert [len(page) for page in pages] == [25, 25, 10]
    assert seen == expected
    assert subjects(browser.get(link(response, "prev"))) == pages[1]
    back = browser.get(link(browser.get(link(response, "prev")), "prev"))
    assert subjects(back) == pages[0]
    assert link(back, "prev") is None


def test_a_page_stays_in_place_when_a_letter_before_it_goes(signed_in, sara, leila, water, service):
    expected = many(factories.make_letter(leila, water, service=service), 40)
    browser = signed_in(sara)
    address = link(browser.get(f"{INBOX}?q=شماره"), "next")
    assert subjects(browser.get(address)) == expected[25:]
    Letter.objects.get(subject="شماره 3").answer(by=sara, text="انجام شد.")
    Letter.objects.get(subject="شماره 24").answer(by=sara, text="انجام شد.")
    assert subjects(browser.get(address)) == expected[25:]


def fill(template, count, unit):
    """So many letters like the first one to a unit, every third of them answered, without files and answers."""
    own = ("id", "reference", "form_key", "unit_id", "subject", "status", "answered_at", "due_on")
    same = ", ".join(field.column for field in Letter._meta.concrete_fields if field.column not in own)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO servicedesk_letter ({', '.join(own[1:])}, {same})"
            " SELECT (2000000000 + %(start)s + n)::text, gen_random_uuid(), %(unit)s, 'نامهٔ شماره ' || n,"
            " CASE WHEN n %% 3 = 0 THEN 'answered' ELSE 'in-review' END,"
            " CASE WHEN n %% 3 = 0 THEN now() - n * interval '1 minute' END, current_date + n %% 40 - 10, "
            f"{same} FROM servicedesk_letter, generate_series(1, %(count)s) n WHERE id = %(like)s",
            {"start": Letter.objects.count(), "unit": unit.pk, "count": count, "like": template.pk},
        )


def test_inbox_and_letter_ask_at_most_fifteen_things_with_300_letters_and_with_30_000(
    signed_in, sara, leila, water, roads, service
):
    UnitMembership.objects.create(unit=roads, user=sara)
    browser = signed_in(sara)
    letter = factories.make_letter(leila, water, service=service)
    addresses = [f"{INBOX}?tab={tab}" for tab in TABS] + [f"{INBOX}?tab=all&assignee=nobody", at("letter", letter)]

    def asked(address):
        browser.get(address), browser.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(address).status_code == 200
        return len(caught)

    for unit in (water, roads):
        fill(letter, 150, unit)
    few = {address: asked(address) for address in addresses}
    for unit in (water, roads):
        fill(letter, 14_850, unit)
    assert {address: asked(address) for address in addresses} == few
    assert max(few.values()) <= 15
