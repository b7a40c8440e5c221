"""What the inbox's search finds, in whatever spelling, and that indexes find it."""

import re
import uuid
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from servicedesk.models import Letter, LetterWords, RemovalRecord, User
from servicedesk.models.verbs.arriving import PaperLetter
from tests import factories
from tests.questions import answered_letter, make_form_service, question, section

from .test_inbox import INBOX, counts, due, subjects


@pytest.fixture
def three(leila, water, service):
    """Letters of which the second is late."""
    letters = [
        factories.make_letter(leila, water, service=service, subject=f"نامهٔ {n}") for n in ("نو", "کهنه", "میانه")
    ]
    due(letters[1], -2)
    return letters


def found(browser, query):
    return subjects(browser.get(INBOX, {"tab": "all", "q": query}))


@pytest.mark.parametrize(
    ("subject", "query"),
    [
        ("لوله‌کشی کوچهٔ یاس ۱۲", "لوله کشي"),
        ("لوله‌کشی کوچهٔ یاس ۱۲", "كوچه ياس 12"),
        ("لوله‌کشی کوچهٔ یاس ۱۲", "یاس ١٢"),
        ("آب قطع است", "اب قطع"),
        ("مسئول پاسخ‌گو", "مسیول پاسخ گو"),
        ("Broken PIPE", "pipe"),
    ],
)
def test_search_meets_other_spellings(signed_in, sara, leila, water, service, three, subject, query):
    factories.make_letter(leila, water, service=service, subject=subject)
    assert subjects(signed_in(sara).get(INBOX, {"q": query})) == [subject]


def test_search_by_code_name_and_mobile_in_any_writing(signed_in, sara, water, service, three):
    citizen = factories.make_citizen(mobile="+989123456780")
    letter = factories.make_letter(citizen, water, service=service, subject="یافتنی", sender_name="کیان یوسفی")
    browser = signed_in(sara)
    code = letter.reference
    spaced = f"{code[:3]} {code[3:6]} {code[6:]}".translate({ord(str(n)): "۰۱۲۳۴۵۶۷۸۹"[n] for n in range(10)})
    for query in (code, spaced, "كيان", "یوسفی کیان", "09123456780", "۰۹۱۲ ۳۴۵ ۶۷۸۰", "+989123456780", "3456780"):
        assert subjects(browser.get(INBOX, {"q": query})) == ["یافتنی"], query


# What the same keys type where the keyboard is set to Persian.
PERSIAN_KEYS = str.maketrans("abcdefghijklmnopqrstuvwxyz0123456789", "شذزیثبلاهتنمئدخحضقسفعرصطغظ۰۱۲۳۴۵۶۷۸۹")


@pytest.fixture
def drawn(monkeypatch):
    """The texts of all QR codes that pages have shown."""
    texts = []
    for view in ("views.letters", "staff.counter"):
        monkeypatch.setattr(f"servicedesk.{view}.qr_svg", lambda text: texts.append(text) or "")
    return texts


def test_search_takes_what_a_scanner_reads_off_a_receipt(signed_in, sara, leila, three, drawn):
    mine = signed_in(leila)
    mine.get(f"/desk/letters/{three[1].reference}/receipt/")
    [address] = drawn
    assert address.startswith("http"), "a telephone opens it"
    for typed in (address, f"{address}\r", address.translate(PERSIAN_KEYS)):
        assert found(signed_in(sara), typed) == ["نامهٔ کهنه"], typed
        assert [one.subject for one in mine.get("/desk/letters/", {"q": typed}).context["letters"]] == ["نامهٔ کهنه"]
    opened = mine.post("/desk/track/own/", {"reference": address})
    assert opened["Location"] == f"/desk/letters/{three[1].reference}/"


@pytest.mark.parametrize("mobile", ["", "+989123456780"])
def test_search_takes_what_a_scanner_reads_off_a_slip(signed_in, sara, water, service, three, drawn, mobile):
    scan = factories.make_attachment(sara, key := uuid.uuid4())
    paper = PaperLetter(sender_name="کیان", subject="کاغذی", unit=water, mobile=mobile, contact="یزد", scans=(scan,))
    letter = Letter.enter(by=sara, service=service, form_key=key, paper=paper)
    browser = signed_in(sara)
    browser.get(f"{INBOX}{letter.reference}/slip/")
    [text] = drawn
    for typed in (text, text.translate(PERSIAN_KEYS)):
        assert found(browser, typed) == ["کاغذی"], typed


def test_an_official_number_with_a_slash_is_no_scanned_address(signed_in, sara, three):
    three[1].number(by=sara, official_number=f"ص/{three[0].reference}")
    assert found(signed_in(sara), f"ص/{three[0].reference}") == ["نامهٔ کهنه"]


def test_search_does_not_reach_into_other_units(signed_in, omid, three):
    assert subjects(signed_in(omid).get(INBOX, {"q": three[0].reference})) == []


def test_a_percent_sign_is_no_wildcard(signed_in, sara, three):
    assert subjects(signed_in(sara).get(INBOX, {"q": "%"})) == []


@pytest.mark.parametrize("query", ["گاه پیاده", "ستگاه", "لوار", "رضا", "ویدی جوی", "گاه رضا"])
def test_of_subject_and_name_any_part_of_a_word_is_found(signed_in, sara, leila, water, service, three, query):
    factories.make_letter(
        leila, water, service=service, subject="ایستگاه پیاده‌روی بلوار", sender_name="محمدرضا جاویدی‌جوی"
    )
    assert found(signed_in(sara), query) == ["ایستگاه پیاده‌روی بلوار"]


def test_part_of_a_code_or_of_a_mobile_number_is_found(signed_in, sara, water, service, three):
    citizen = factories.make_citizen(mobile="+989360582471")
    letter = factories.make_letter(citizen, water, service=service, subject="یافتنی")
    for one, code in zip([letter, *three], ["7310946258", *(f"{n}" * 10 for n in (1, 6, 9))], strict=True):
        one.reference = code
        one.save(update_fields=["reference"])
        LetterWords.keep(one)
    browser = signed_in(sara)
    for query in ("7310", "094625", "258", "0936058", "36058", "2471", "0582", "۰۵۸ ۲۴", "98936058"):
        assert found(browser, query) == ["یافتنی"], query
    # Three digits stand in the mobile number of every hundredth citizen.
    for query in ("471", "5824719", "98765"):
        assert found(browser, query) == [], query


def test_a_citizen_with_a_new_number_is_found_by_that_one(signed_in, sara, leila, letter):
    User.citizens.filter(pk=leila.pk).update(mobile="+989331112233")
    browser = signed_in(sara)
    assert found(browser, "0933 111 2233") == [letter.subject]
    assert found(browser, leila.mobile) == []


def test_a_letter_is_found_by_the_official_number_that_it_has_now(signed_in, sara, letter):
    browser = signed_in(sara)
    letter.number(by=sara, official_number="1405/ب/88123")
    for query in ("1405/ب/88123", "۸۸۱۲۳", "ب/88123"):
        assert found(browser, query) == [letter.subject], query
    letter.number(by=sara, official_number="1405/ب/77")
    assert found(browser, "88123") == []
    assert found(browser, "1405/ب/77") == [letter.subject]


def test_a_paper_letter_is_found_by_the_address_of_its_sender(signed_in, sara, water, service):
    paper = PaperLetter(sender_name="گیو", subject="از باجه", unit=water, contact="بن‌بست نسترن، تلفن 02188776655")
    Letter.enter(by=sara, service=service, form_key=uuid.uuid4(), paper=paper)
    for query in ("بن بست نسترن", "۰۲۱ ۸۸۷۷ ۶۶۵۵", "8877"):
        assert found(signed_in(sara), query) == ["از باجه"], query


@pytest.mark.parametrize("query", ["%", "' | '", "!", "\\", ":*", "&", "()", "\u200c"])
def test_signs_mean_nothing_to_the_database(signed_in, sara, three, query):
    letters = found(signed_in(sara), query)
    # Of invisible marks alone nothing is left to look for.
    assert letters == ([] if query != "\u200c" else subjects(signed_in(sara).get(INBOX, {"tab": "all"})))


def adlam(digits):
    return "".join(chr(0x1E900 + int(digit)) for digit in digits)


def test_a_letter_of_very_many_different_words_arrives_and_is_found(signed_in, sara, leila, water):
    """PostgreSQL takes a megabyte of words for one row."""
    asked = [question("long_text", f"پرسش {n}", searchable=True) for n in range(200)]
    service = make_form_service(section(*asked), slug="many")
    # Letters of four bytes each.
    texts = {n: " ".join(adlam(f"{n:03d}{i:03d}") for i in range(400)) for n in range(200)}
    strange = " ".join(chr(0x1E900 + n) * 20 for n in range(8))
    answered_letter(
        leila, water, service, dict(enumerate(asked)), texts, subject=f"دراز {strange}", sender_name=strange
    )
    assert found(signed_in(sara), f"دراز {adlam('000007')}") == [f"دراز {strange}"]


def test_of_an_anonymised_letter_no_word_is_kept(sara, letter):
    letter.answer(by=sara, text="انجام شد.")
    assert LetterWords.objects.filter(letter=letter).exists()
    RemovalRecord.anonymise(letter, why="wish")
    assert not LetterWords.objects.filter(letter=letter).exists()


def test_letters_from_before_are_written_down_by_the_migration(leila, sara, water, service):
    asked = question("short_text", "نام مغازه", searchable=True)
    shops = make_form_service(section(asked))
    letters = [
        answered_letter(leila, water, shops, {0: asked}, {0: "نان‌سرای یاس"}, subject="پروانه"),
        factories.make_letter(leila, water, service=service, subject="چراغ ﷺ", sender_name="نرگس"),
        factories.make_answered_letter(leila, water, sara, service=service),
    ]
    letters[1].number(by=sara, official_number="1405/12")
    RemovalRecord.anonymise(letters[2], why="wish")
    assert "سرای" in LetterWords.objects.get(letter=letters[0]).vector
    kept = list(LetterWords.objects.order_by("pk").values())
    assert [row["letter_id"] for row in kept] == [letters[0].pk, letters[1].pk]
    LetterWords.objects.all().delete()
    with connection.schema_editor() as editor:
        import_module("servicedesk.migrations.0026_letters_by_word").write_down(apps, editor)
    assert list(LetterWords.objects.order_by("pk").values()) == kept


def indexes_of(found):
    """The names of the indexes by which PostgreSQL finds the rows of a queryset."""
    with connection.cursor() as cursor:
        # What autovacuum does after a while.
        cursor.execute("ANALYZE servicedesk_user; ANALYZE servicedesk_letterwords")
        cursor.execute("SELECT gin_clean_pending_list('citizens_by_digits'), gin_clean_pending_list('letters_by_word')")
        # Where there are few rows PostgreSQL reads all of them; here it had better not.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    return set(re.findall(r"Bitmap Index Scan on (\w+)", found.explain()))


def test_an_index_finds_words(three):
    assert "letters_by_word" in indexes_of(LetterWords.objects.with_any(["چراغ", "کوچه"]))


def test_many_letters_are_found_like_few(signed_in, sara, three, monkeypatch):
    browser = signed_in(sara)
    few = found(browser, "نامه")
    assert len(few) == 3
    monkeypatch.setattr("servicedesk.staff.search.FEW", 2)
    assert found(browser, "نامه") == few
    # Of a number, too.
    three[0].number(by=sara, official_number="1405/7")
    three[1].number(by=sara, official_number="1405/8")
    three[2].number(by=sara, official_number="1405/9")
    assert found(browser, "1405") == few


def test_an_index_finds_mobile_numbers(three):
    rows = [{"username": f"c{n}", "mobile": f"+98935{n:07d}", "password": f"!{n}"} for n in range(2000)]
    User.citizens.bulk_create(User(**row) for row in rows)
    assert "citizens_by_digits" in indexes_of(User.citizens.with_digits("350001234"))


def test_a_search_counts_what_it_finds_in_each_tab(signed_in, sara, omid, three, leila, roads, service):
    theirs = factories.make_letter(leila, roads, service=service, subject="نامهٔ همسایه")
    theirs.consult(by=omid, unit=sara.memberships.get().unit, question="نظر شما؟")
    three[0].answer(by=sara, text="انجام شد.")
    three[1].assign(by=sara, to=sara)
    factories.make_letter(leila, roads, service=service, subject="نامهٔ دیگران")
    browser = signed_in(sara)
    found = {"overdue": "۱", "mine": "۱", "unassigned": "۱", "answered": "۱", "open": "۲", "all": "۳", "shown": "۱"}
    shown = counts(browser.get(INBOX, {"q": "نامه", "tab": "open"}))
    assert {tab: shown[tab] for tab in found} == found
    assert counts(browser.get(INBOX, {"q": "کهنه"}))["all"] == "۱"
