"""Letters of a service as CSV and XLSX: a column for each question, no formulas, nobody else's letters, and a trace."""

import csv
import io
import zipfile

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.users.models import UserProfile

from servicedesk.models import FormVersion, Letter, StaffExport, StaffView, UnitMembership
from servicedesk.roles import Role
from servicedesk.staff import exporting
from servicedesk.staff.tables import csv_pieces, harmless, xlsx_pieces
from tests import factories
from tests.questions import answered_letter, make_form_service, question, section

from .conftest import at, page_of

pytestmark = pytest.mark.django_db
HEAD = ["کد رهگیری", "تاریخ ارسال", "واحد", "وضعیت", "نام و نام خانوادگی", "موضوع"]


@pytest.fixture
def asked():
    return {
        "trade": question("choice", "نوع کار", choices={"a": "نانوایی", "b": "آرایشگاه"}, searchable=True),
        "area": question("number", "مساحت", decimals=2),
        "rent": question("money", "اجاره"),
        "since": question("jalali_date", "تاریخ شروع"),
        "national": question("national_id", "کد ملی"),
        "mobile": question("mobile", "شماره مغازه"),
        "deed": question("file", "سند", required=False),
        "more": question("long_text", "توضیح"),
    }


@pytest.fixture
def service(asked):
    return make_form_service(section(*asked.values()))


@pytest.fixture
def letter(leila, water, service, asked):
    answers = {
        "trade": "a",
        "area": "-42.5",
        "rent": 1_250_000,
        "since": "2026-11-23",
        "national": "0084575948",
        "mobile": "+989121112233",
        "deed": ["سند مغازه.pdf"],
        "more": '=HYPERLINK("http://x";"y")\nخط دوم',
    }
    return answered_letter(leila, water, service, asked, answers, subject="پروانهٔ من", sender_name="لیلا نمونه")


def content_of(response):
    assert response.status_code == 200, page_of(response)
    return b"".join(response.streaming_content)


def as_csv(browser, service, **query):
    content = content_of(browser.get(reverse("staff:export-csv"), {"service": service.pk, **query}))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def as_xlsx(browser, service, **query):
    content = content_of(browser.get(reverse("staff:export-xlsx"), {"service": service.pk, **query}))
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_one_column_a_question_in_csv(signed_in, sara, letter, service, asked):
    head, row = as_csv(signed_in(sara), service)
    assert head == [*HEAD, *(one["value"]["label"] for one in asked.values())]
    assert row[0] == letter.reference
    assert row[1].startswith("14")
    assert row[2:6] == ["آب و فاضلاب", "در حال بررسی", "لیلا نمونه", "پروانهٔ من"]
    assert row[6:13] == ["نانوایی", "-42.5", "1250000", "1405/09/02", "0084575948", "09121112233", "سند مغازه.pdf"]
    assert row[13] == '\'=HYPERLINK("http://x";"y")\nخط دوم'


def test_in_xlsx_numbers_are_numbers_and_texts_are_texts(signed_in, sara, letter, service):
    sheet = as_xlsx(signed_in(sara), service)
    assert [cell.value for cell in sheet[1]][:6] == HEAD
    row = sheet[2]
    assert row[0].value == letter.reference
    assert [row[place].value for place in (7, 8)] == [-42.5, 1_250_000]
    assert row[10].value == "0084575948"
    assert row[13].value == '=HYPERLINK("http://x";"y")\nخط دوم'
    # A formula would be an "f".
    assert not [cell for cell in row if cell.data_type == "f"]
    assert sheet.sheet_view.rightToLeft


def test_the_file_is_named_after_the_service_and_kept_by_nobody(signed_in, sara, letter, service):
    response = signed_in(sara).get(reverse("staff:export-csv"), {"service": service.pk})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "filename*=UTF-8''%D8%AF" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]


def test_letters_of_other_units_are_never_in_it(
    signed_in, sara, omid, admin_user, leila, roads, service, asked, letter
):
    answered_letter(leila, roads, service, asked, {"more": "رازِ راه‌ها"}, subject="چاله")
    assert [row[5] for row in as_csv(signed_in(sara), service)[1:]] == ["پروانهٔ من"]
    assert [row[5] for row in as_csv(signed_in(omid), service)[1:]] == ["چاله"]
    assert [row[5] for row in as_csv(signed_in(admin_user), service)[1:]] == ["پروانهٔ من", "چاله"]


def test_the_filters_of_the_inbox_are_in_force(signed_in, sara, leila, water, service, asked, letter):
    done = answered_letter(leila, water, service, asked, {"trade": "b"}, subject="تمام")
    done.answer(by=sara, text="انجام شد.")
    other = factories.make_service("خدمت دیگر", "other")
    factories.make_letter(leila, water, service=other, subject="از خدمت دیگر")
    browser = signed_in(sara)

    def subjects(**query):
        return [row[5] for row in as_csv(browser, service, **query)[1:]]

    assert subjects() == ["پروانهٔ من"]
    assert subjects(tab="answered") == ["تمام"]
    assert subjects(tab="all") == ["پروانهٔ من", "تمام"]
    assert subjects(tab="all", q="تمام") == ["تمام"]
    assert subjects(tab="all", **{f"a-{asked['trade']['id']}": "b"}) == ["تمام"]
    assert subjects(tab="all", status="waiting") == []
    page = browser.get("/admin/desk/", {"service": service.pk, "tab": "all", "q": "تمام"}).content.decode()
    assert f"/admin/desk/export/xlsx/?service={service.pk}&amp;tab=all&amp;q=" in page


@pytest.mark.parametrize("query", [{}, {"service": "999999"}, {"status": "burnt"}, {"a-x": "y"}])
def test_without_a_service_or_with_a_wrong_filter_nothing_goes_out(signed_in, sara, letter, query):
    response = signed_in(sara).get(reverse("staff:export-csv"), query)
    assert response.status_code == 400
    assert "این فیلتر وجود ندارد" in page_of(response)
    assert letter.subject not in response.content.decode()
    assert not StaffExport.objects.exists()


def test_columns_of_old_versions_stand_behind_and_the_newest_label_counts(
    signed_in, sara, leila, water, service, asked, letter
):
    newer = question("choice", "رشته", id=asked["trade"]["id"], choices={"b": "پیرایش"})
    fresh, unasked = question("short_text", "پرسش تازه"), question("short_text", "از کسی نپرسیده‌ایم")
    service.form = [section(fresh, newer)]
    service.save()
    FormVersion.objects.update(shown_at="2026-01-01T00:00Z")
    answers = {"trade": "b", "fresh": "بله"}
    answered_letter(leila, water, service, {"trade": newer, "fresh": fresh}, answers, subject="تازه")
    head, old, new = as_csv(signed_in(sara), service)
    assert head[6:9] == ["پرسش تازه", "رشته", "مساحت"]
    assert old[6:9] == ["", "نانوایی", "-42.5"]
    assert new[6:9] == ["بله", "پیرایش", ""]
    # A newer version that nobody has answered gives its labels, not its questions.
    service.form = [section(unasked, {**newer, "value": {**newer["value"], "label": "حرفه"}})]
    FormVersion.objects.update(shown_at="2026-01-01T00:00Z")
    FormVersion.current(service)
    head = as_csv(signed_in(sara), service)[0]
    assert head[6:9] == ["حرفه", "پرسش تازه", "مساحت"]


def test_a_letter_whose_type_of_question_is_gone_is_told_in_words(signed_in, sara, letter, service, monkeypatch):
    monkeypatch.delitem(exporting.TYPES, "choice")
    letter.answers.filter(type="choice").update(text="نانوایی، چنان که بود")
    browser = signed_in(sara)
    assert as_csv(browser, service)[1][6] == "نانوایی، چنان که بود"
    assert browser.get("/admin/desk/", {"service": service.pk}).status_code == 200


# --- What spreadsheets do with text ---------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        '"=1',
        "'=1",
        "“=1",
        "«=1»",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "﹦1",
        "\u200b=1",
        "\u200e=1",
        "\ufeff=1",
        "\x00=1",
        "\u200c=1",
        "−1",
        "\xa0=1",
    ],
)
def test_no_text_begins_a_formula(text):
    assert harmless(text).lstrip("\n ").startswith("'")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("سلام\n=1+1", "سلام\n'=1+1"),
        ("سلام;=1+1", "سلام;'=1+1"),
        ('سلام"; "=1+1', 'سلام";\' "=1+1'),
        ("a\u2028=1", "a\n'=1"),
    ],
)
def test_nor_does_a_line_or_a_part_behind_a_semicolon(text, written):
    assert harmless(text) == written


@pytest.mark.parametrize("text", ["می‌روم", "۱۲ - ۱۳", "a=b", "نشانی: کوچهٔ ۲، پلاک ۳", "👨‍👩‍👧", ""])
def test_usual_text_stays_as_it_is(text):
    assert harmless(text) == text


def test_control_characters_break_no_file():
    nasty = "الف\x00\x01\x08\x0b\x1f\x7f\u202e\ufffe\ud800ب"
    [piece] = csv_pieces([[[nasty, None, 5]]])
    assert piece.decode("utf-8-sig") == '"الف\nب",,5\r\n'
    content = b"".join(xlsx_pieces([[[nasty, "<&>\"'", "_x0041_", 10**17]]], sheet="a/b[c]*'d", right_to_left=True))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in sheet[1]][:2] == ["الف\nب", "<&>\"'"]
    assert sheet["D1"].value == str(10**17)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert b"_x005F_x0041_" in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_after_the_last_letter_of_the_alphabet_columns_go_on():
    rows = [[[str(number) for number in range(800)]]]
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(xlsx_pieces(rows, sheet="a", right_to_left=False)))).active
    assert (sheet["Z1"].value, sheet["AA1"].value, sheet["ADT1"].value) == ("25", "26", "799")


# --- Bounds and traces ----------------------------------------------------------------------------


def test_each_batch_asks_the_same_few_things(signed_in, sara, leila, water, service, asked, monkeypatch):
    monkeypatch.setattr(exporting, "BATCH", 2)
    browser = signed_in(sara)
    counts = []
    answered_letter(leila, water, service, asked, {"trade": "a"})
    as_csv(browser, service), as_csv(browser, service)
    for letters in (2, 4, 6):
        while Letter.objects.count() < letters:
            answered_letter(leila, water, service, asked, {"trade": "a"})
        with CaptureQueriesContext(connection) as caught:
            assert len(as_csv(browser, service)) == 1 + letters
        counts.append(len(caught))
    assert counts[2] - counts[1] == counts[1] - counts[0] == 3


def test_an_export_is_written_down_with_all_its_letters(signed_in, sara, admin_user, letter, service, asked):
    query = {"q": "لیلا", f"a-{asked['trade']['id']}": "a"}
    as_csv(signed_in(sara), service, **query)
    [export] = StaffExport.objects.all()
    assert (export.user, export.service_title, export.format, export.letters) == (sara, service.title, "csv", 1)
    [view] = StaffView.objects.all()
    assert (view.letter, view.user, view.what, view.export) == (letter, sara, "export", export)
    page = page_of(signed_in(admin_user).get(reverse("staff:exports")))
    for words in ("sara", "درخواست پروانه", "CSV", "باز · واژه‌های جست‌وجو · نوع کار"):
        assert words in page
    # What was looked for may name people, and would outlive their letters.
    assert "لیلا" not in page
    assert "در جدول بیرون برد" in page_of(signed_in(admin_user).get(at("letter", letter)))
    table = signed_in(admin_user).get(at("views", letter)).content.decode()
    assert "در جدول بیرون برد" in table


def test_only_superusers_see_who_exported(signed_in, sara, omid, letter, service):
    as_csv(signed_in(sara), service)
    assert signed_in(omid).get(reverse("staff:exports")).status_code in (302, 403)


def test_there_is_a_limit_an_hour(signed_in, sara, letter, service):
    browser = signed_in(sara)
    for _time in range(20):
        as_csv(browser, service)
    response = browser.get(reverse("staff:export-csv"), {"service": service.pk})
    assert response.status_code == 429
    assert StaffExport.objects.count() == 20


def test_what_is_anonymised_while_it_goes_out_is_not_in_it(signed_in, sara, leila, water, service, asked, monkeypatch):
    monkeypatch.setattr(exporting, "BATCH", 1)
    first, second = (answered_letter(leila, water, service, asked, {}, subject=words) for words in ("یک", "دو"))
    response = signed_in(sara).get(reverse("staff:export-csv"), {"service": service.pk})
    pieces = iter(response.streaming_content)
    next(pieces), next(pieces)
    sara.memberships.all().delete()
    assert list(pieces) == []


def test_in_english_the_head_is_english(signed_in, sara, letter, service):
    UserProfile.objects.create(user=sara, preferred_language="en")
    assert as_csv(signed_in(sara), service)[0][:2] == ["Tracking code", "Sent on"]


# --- Whose letters ---------------------------------------------------------------------------------


def test_a_reader_takes_nothing_out_and_is_told_so(signed_in, water, letter, service):
    reader = factories.make_staff("reader")
    UnitMembership.objects.create(unit=water, user=reader, role=Role.READER)
    response = signed_in(reader).get(reverse("staff:export-csv"), {"service": service.pk, "tab": "all"})
    assert response.status_code == 403
    assert "نقش شما این کار را در بر ندارد" in page_of(response)
    assert not StaffExport.objects.exists()


def test_letters_that_were_only_shown_to_a_unit_go_out_with_its_own_ones_no_more(
    signed_in, sara, omid, leila, roads, service, asked, letter
):
    letter.consult(by=sara, unit=roads, question="نظرتان چیست؟")
    letter.send_copy(by=sara, to=roads)
    browser = signed_in(omid)
    assert browser.get(at("letter", letter)).status_code == 200
    for tab in ("all", "shown"):
        nothing = browser.get(reverse("staff:export-csv"), {"service": service.pk, "tab": tab})
        assert nothing.status_code == 400
        assert letter.subject not in nothing.content.decode()
    answered_letter(leila, roads, service, asked, {}, subject="چاله")
    assert [row[5] for row in as_csv(browser, service, tab="all")[1:]] == ["چاله"]
    assert as_csv(browser, service, tab="shown")[1:] == []


def test_where_one_is_a_clerk_letters_go_out_and_where_a_reader_they_do_not(
    signed_in, omid, leila, water, roads, service, asked, letter
):
    UnitMembership.objects.create(unit=water, user=omid, role=Role.READER)
    answered_letter(leila, roads, service, asked, {}, subject="چاله")
    assert [row[5] for row in as_csv(signed_in(omid), service, tab="all")[1:]] == ["چاله"]


def test_who_becomes_a_reader_while_it_goes_out_gets_no_more(
    signed_in, sara, leila, water, service, asked, monkeypatch
):
    monkeypatch.setattr(exporting, "BATCH", 1)
    for words in ("یک", "دو"):
        answered_letter(leila, water, service, asked, {}, subject=words)
    response = signed_in(sara).get(reverse("staff:export-csv"), {"service": service.pk})
    pieces = iter(response.streaming_content)
    next(pieces), next(pieces)
    sara.memberships.update(role=Role.READER)
    assert list(pieces) == []
