"""The page of reports: its numbers, who sees which, and what can be taken out of it."""

import csv
import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from servicedesk.figures import keep_figures
from servicedesk.models import Letter, LetterFigure, UnitMembership
from servicedesk.models.event import Kind
from servicedesk.models.rights import AUDITOR, REGISTRAR
from servicedesk.persian import ascii_digits, jalali_short, persian_digits
from tests import factories
from tests.access_scene import allow

from .conftest import clock, move

pytestmark = pytest.mark.django_db
ABAN = {"since": "1405/08/01", "until": "1405/08/30"}


@pytest.fixture
def head(signed_in, mina, month):
    return signed_in(mina)


def asked(browser, name="reports", **query):
    return browser.get(reverse(f"staff:{name}"), ABAN | query)


def total_of(response):
    """{label: (now, before)} of the whole, in ASCII digits."""
    rows = re.findall(
        r"<dt>(.*?)</dt><dd><strong>(.*?)</strong>.*?پیش از آن:\s*(.*?)</span>", response.content.decode()
    )
    return {label: (ascii_digits(now), ascii_digits(before)) for label, now, before in rows}


def lines_of(response, table):
    """{first cell: [the others, without what stands beside them]} of a table, in ASCII digits."""
    section = response.content.decode().split(f'id="report-{table}"')[1].split("</section>")[0]
    lines = {}
    for row in re.findall(r'<tr><th scope="row">(.*?)</tr>', section):
        name, *cells = re.split(r"</th>|</td>", row)[:-1]
        plain = [re.sub(r"<span.*", "", re.sub(r"^<td[^>]*>", "", cell)) for cell in cells]
        lines[name] = [ascii_digits(cell).strip() for cell in plain]
    return lines


def test_the_numbers_of_a_month_beside_the_month_before(head):
    response = asked(head)
    assert response.status_code == 200
    assert total_of(response) == {
        "رسیده": ("5", "1"),
        "پاسخ‌داده‌شده": ("4", "1"),
        "بسته‌شده بی پاسخ": ("0", "0"),
        "پس‌گرفته‌شده به دست فرستنده": ("0", "0"),
        "باز در پایان دوره": ("1", "0"),
        "از این‌ها با دیرکرد": ("1", "0"),
        # Of one, two, three and ten hours: between the second and the third, and most of the way to the last.
        "نخستین واکنش، میانه (ساعت کاری)": ("2٫5", "5٫0"),
        "نخستین واکنش، صدک ۹۰ (ساعت کاری)": ("7٫9", "5٫0"),
        "پاسخ نهایی، میانه (ساعت کاری)": ("2٫5", "5٫0"),
        "پاسخ نهایی، صدک ۹۰ (ساعت کاری)": ("7٫9", "5٫0"),
        "پاسخ در مهلت": ("75٪", "100٪"),
    }
    assert "1 آبان 1405" in ascii_digits(response.content.decode())
    assert "1 مهر 1405" in ascii_digits(response.content.decode())


def test_by_clerk_for_heads_alone(head, signed_in, sara):
    lines = lines_of(asked(head), "clerks")
    assert list(lines) == ["sara"]
    assert lines["sara"][:6] == ["5", "4", "0", "0", "1", "1"]
    assert lines_of(asked(head), "services")["درخواست عمومی"][:6] == ["5", "4", "0", "0", "1", "1"]
    page = asked(signed_in(sara))
    assert page.status_code == 200
    assert total_of(page)["رسیده"] == ("5", "1")
    assert 'id="report-clerks"' not in page.content.decode()
    assert "sara" not in asked(signed_in(sara), "report-csv").getvalue().decode()
    assert "sara" in asked(head, "report-csv").getvalue().decode()


@pytest.mark.parametrize("permission", [AUDITOR, REGISTRAR])
def test_those_who_see_all_letters_see_all_units_and_no_clerks(month, signed_in, water, roads, permission):
    person = factories.make_staff("auditor")
    allow(person, permission)
    page = asked(signed_in(person))
    assert total_of(page)["رسیده"] == ("6", "1")
    assert {name: cells[0] for name, cells in lines_of(page, "units").items()} == {str(water): "5", str(roads): "1"}
    assert 'id="report-clerks"' not in page.content.decode()
    one = asked(signed_in(person), unit=roads.pk)
    assert total_of(one)["رسیده"] == ("1", "0")


def test_a_superuser_sees_the_clerks_of_all(month, admin_user, signed_in):
    lines = lines_of(asked(signed_in(admin_user)), "clerks")
    assert {name: cells[0] for name, cells in lines.items()} == {"sara": "5", "هنوز هیچ‌کس": "1"}


def test_a_head_who_is_a_clerk_elsewhere_sees_the_clerks_of_his_own(month, mina, roads, signed_in):
    UnitMembership.objects.create(unit=roads, user=mina)
    page = asked(signed_in(mina))
    assert total_of(page)["رسیده"] == ("6", "1")
    assert {name: cells[0] for name, cells in lines_of(page, "clerks").items()} == {"sara": "5"}
    only_roads = asked(signed_in(mina), unit=roads.pk)
    assert 'id="report-clerks"' not in only_roads.content.decode()


def test_who_has_no_desk_gets_no_report(month, editor, signed_in):
    for name in ("reports", "report-csv", "report-xlsx"):
        assert asked(signed_in(editor), name).status_code == 403


def test_a_part_that_was_taken_away_counts_at_the_next_click(head, mina):
    assert asked(head).status_code == 200
    UnitMembership.objects.filter(user=mina).delete()
    assert asked(head).status_code == 403


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"unit": "999999"}, "چنین واحدی"),
        ({"unit": "x"}, "چنین واحدی"),
        ({"since": "1405/13/01"}, "از تاریخ:"),
        ({"until": "فردا"}, "تا تاریخ:"),
        ({"since": "1405/08/30", "until": "1405/08/01"}, "تا تاریخ:"),
        ({"since": "1390/01/01"}, "ده سال"),
    ],
)
def test_what_does_not_exist_is_said_and_not_counted(head, query, said):
    for name in ("reports", "report-csv", "report-xlsx"):
        response = asked(head, name, **query)
        page = response.content.decode()
        assert response.status_code == 400
        assert said in page
        assert "report-total" not in page
    # What was typed stays, in Persian digits.
    typed = [value for value in query.values() if "/" in value or value == "فردا"]
    assert all(f'value="{persian_digits(value)}"' in page for value in typed)


def test_the_unit_of_others_does_not_exist(head, roads):
    assert asked(head, unit=roads.pk).status_code == 400


def test_without_a_span_it_is_the_last_thirty_days(head):
    page = head.get(reverse("staff:reports"))
    assert page.status_code == 200
    assert 'aria-current="page">۳۰ روز گذشته' in page.content.decode()
    # The boxes say which days these are.
    today = jalali_short(timezone.localdate())
    assert f'name="until" value="{today}"' in page.content.decode()


def test_with_a_last_day_alone_it_is_the_thirty_days_until_then(head):
    page = head.get(reverse("staff:reports"), {"until": "1405/08/30"}).content.decode()
    assert "۱ آبان ۱۴۰۵" in page
    assert "۳۰ آبان ۱۴۰۵" in page


def test_what_was_open_and_late_at_the_end_of_a_span_in_the_past(head, sara, water, send, answer):
    """Answered only afterwards: it was open then, and late from the day after its own."""
    letter = send(water, clock(20, 8))
    Letter.objects.filter(pk=letter.pk).update(due_on=clock(22, 8).date(), promised_on=clock(22, 8).date())
    answer(letter, sara, clock(27, 9))
    keep_figures()
    for until, late in (("1405/08/22", "1"), ("1405/08/23", "2"), ("1405/08/27", "1")):
        total = total_of(asked(head, until=until))
        assert total["از این‌ها با دیرکرد"][0] == late, until


def test_what_waits_for_its_citizen_is_not_late_as_in_the_inbox(head, sara):
    letter = Letter.objects.get(assignee=sara)
    letter.ask(by=sara, question="کدام کوچه؟")
    move(letter, Kind.ASKED, clock(11, 9))
    Letter.objects.filter(pk=letter.pk).update(rests_since=clock(11, 9))
    keep_figures()
    total = total_of(asked(head))
    assert (total["باز در پایان دوره"][0], total["از این‌ها با دیرکرد"][0]) == ("1", "0")


def test_a_closed_letter_is_no_answer(head, sara):
    letter = Letter.objects.get(assignee=sara)
    letter.close(by=sara, text="تکراری است.")
    move(letter, Kind.CLOSED, clock(12, 9))
    keep_figures()
    total = total_of(asked(head))
    assert [total[name][0] for name in ("پاسخ‌داده‌شده", "بسته‌شده بی پاسخ", "باز در پایان دوره")] == ["4", "1", "0"]
    assert total["پاسخ در مهلت"][0] == "75٪"


def test_a_letter_that_was_taken_back_is_neither_answered_nor_closed(head, send, water, leila):
    letter = send(water, clock(10, 9))
    letter.withdraw(by=leila)
    Letter.objects.filter(pk=letter.pk).update(closed_at=clock(10, 10))
    keep_figures()
    total = total_of(asked(head))
    names = ("رسیده", "پاسخ‌داده‌شده", "بسته‌شده بی پاسخ", "پس‌گرفته‌شده به دست فرستنده", "باز در پایان دوره")
    assert [total[name][0] for name in names] == ["6", "4", "0", "1", "1"]


def test_weekdays_and_hours_have_a_table_under_their_picture(head):
    lines = lines_of(asked(head), "hours")
    # The columns begin at eight; four came on a Sunday at eight, one on the Sunday after at nine.
    assert lines["یکشنبه"][:2] == ["4", "1"]
    assert lines["یکشنبه"][-1] == "5"
    assert lines["جمعه"][-1] == "0"


def test_pictures_are_named_and_stand_above_the_tables(head):
    page = asked(head).content.decode()
    pictures = re.findall(r'<svg class="desk-picture"[^>]*role="img" aria-label="([^"]+)"', page)
    assert len(pictures) == len(set(pictures)) == 4
    assert not re.search(r'(?:x|y|width|height)="[^"]*[۰-۹٫,]', page), "a number of the geometry in Persian"
    assert "style=" not in page.split("<main")[1]


def test_in_english_it_is_read_from_left_to_right(head, mina):
    persian = asked(head).content.decode()
    UserProfile.objects.create(user=mina, preferred_language="en")
    english = asked(head).content.decode()
    assert "Answered in time" in english
    assert "75%" in english
    first_bar = re.compile(r'desk-picture-came" x="([\d.]+)"')
    assert float(first_bar.search(persian)[1]) > float(first_bar.search(english)[1])


def rows_of_csv(response):
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_the_files_hold_the_same_numbers(head):
    head_row, *rows = rows_of_csv(asked(head, "report-csv"))
    assert head_row[:5] == ["به تفکیک", "نام", "از تاریخ", "تا تاریخ", "رسیده"]
    total = [row for row in rows if row[0] == "همهٔ نامه‌ها"]
    numbers = ["5", "4", "0", "0", "1", "1", "2.5", "7.9", "2.5", "7.9", "75"]
    assert total[0][2:] == ["1405/08/01", "1405/08/30", *numbers]
    assert total[1][2:6] == ["1405/07/01", "1405/07/30", "1", "1"]
    assert sum(int(row[4]) for row in rows if row[0] == "روز هفته و ساعت") == 5
    sheet = openpyxl.load_workbook(io.BytesIO(asked(head, "report-xlsx").getvalue())).active
    assert sheet.sheet_view.rightToLeft
    shown = [["" if cell.value is None else str(cell.value) for cell in row] for row in sheet.iter_rows()]
    assert shown == [head_row, *rows]


def test_a_service_is_one_in_all_languages_and_keeps_its_name_when_its_page_is_gone(head, service):
    LetterFigure.objects.filter(hour=9).update(service=None, service_title="خدمت پیشین")
    lines = lines_of(asked(head), "services")
    assert {name: cells[0] for name, cells in lines.items()} == {service.title: "4", "خدمت پیشین": "1"}


def test_the_menu_leads_there_for_those_who_have_a_desk(head, editor, signed_in):
    address = reverse("staff:reports")
    assert address in head.get("/admin/").content.decode()
    assert address in head.get("/admin/desk/").content.decode()
    assert address not in signed_in(editor).get("/admin/").content.decode()


def test_as_many_questions_for_many_letters_and_units_as_for_few(month, admin_user, signed_in, send, answer):
    browser, counts = signed_in(admin_user), []
    for number in (1, 4):
        for place in range(number):
            unit = factories.make_unit(f"واحد {number} {place}")
            clerk = factories.make_staff(f"clerk-{number}-{place}", unit)
            answer(send(unit, clock(5, 8)), clerk, clock(5, 9))
        keep_figures()
        for _time in range(2):
            asked(browser)
        with CaptureQueriesContext(connection) as queries:
            asked(browser)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 21
