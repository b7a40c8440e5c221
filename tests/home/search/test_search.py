"""The page of the search: what is found, where its links lead, and what is never found."""

import re
import threading
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from wagtail.models import Locale, PageViewRestriction

from config.celery import app
from home import tasks
from home.models import GuidePage, NewsIndexPage, NewsPage, QuestionsPage, SearchEntry
from home.search import finding, index
from home.seed.blocks import paragraph, section, subsection
from servicedesk import references
from servicedesk.models import ServicePage
from tests import factories

pytestmark = pytest.mark.django_db


def question(words, answer):
    return {"type": "item", "value": {"question": words, "answer": f"<p>{answer}</p>"}, "id": None}


@pytest.fixture
def questions(home, publish):
    page = QuestionsPage(title="پرسش و پاسخ", slug="answers", locale=home.locale)
    home.add_child(instance=page)
    subject = {"title": "هزینه", "questions": [question("فرستادن نامه پول می‌خواهد؟", "خیر، رایگان است.")]}
    return publish(page, subjects=[{"type": "subject", "value": subject}])


@pytest.fixture
def news(home, publish):
    above = NewsIndexPage(title="خبرها", slug="notices", locale=home.locale)
    home.add_child(instance=above)
    entry = NewsPage(title="تعطیلی نوروز", slug="nowruz", introduction="دبیرخانه بسته است.", locale=home.locale)
    above.add_child(instance=entry)
    return publish(entry)


def test_a_section_of_the_guide_is_found_with_its_number_and_place(find, guide, publish):
    parts = [subsection("عکس گرفتن", "photo", paragraph("در روشنایی روز عکس بگیرید."))]
    publish(guide, sections=[section("آغاز", "begin"), section("آماده کردن", "prepare", parts=parts)])
    answer = find("روشنایی")
    assert answer.addresses == ["/guide/#photo"]
    assert answer.marks == ["روشنایی"]
    assert "راهنما › بخش ۲-۱" in answer.words
    assert "۱ نتیجه" in answer.words


def test_kinds_are_told_apart(find, questions, news, service):
    assert "پرسش و پاسخ › پرسش" in find("رایگان").words
    assert "خبر ›" in find("دبیرخانه").words
    ServicePage.objects.filter(pk=service.pk).update(what_to_prepare="<p>کارت ملی</p>")
    call_command("read_pages")
    answer = find("کارت ملی")
    assert answer.addresses == [f"{service.url}#prepare"]
    assert "بخشی از خدمت" in answer.words


def test_every_link_leads_to_a_place_that_exists(client, find, filled, questions, news):
    call_command("read_pages")
    entries = SearchEntry.objects.select_related("page__locale")
    assert entries.exclude(anchor="").count() > 30
    pages, lost = {}, []
    for entry in entries:
        page = pages.setdefault(entry.page_id, client.get(entry.page.get_url()))
        assert page.status_code == 200
        if entry.anchor and f'id="{entry.anchor}"' not in page.content.decode():
            lost.append((entry.title, entry.anchor))
        if entry.kind == "question":
            assert entry.anchor
            # Inside its details, which browsers then open.
            assert f'</summary><div class="prose" id="{entry.anchor}">' in page.content.decode()
    assert lost == []


def test_anchors_are_the_same_at_every_look(client, filled, questions):
    """Entries of lists that no editor has saved have no id, and Wagtail draws one at each look."""
    for address in ("/", "/guide/", "/answers/"):
        first, second = (re.findall(r' id="([^"]+)"', client.get(address).content.decode()) for _ in range(2))
        assert first == second
        assert len(set(first)) == len(first)


def test_what_is_a_part_of_its_own_is_found_once(find, questions):
    assert len(find("رایگان است").results) == 1


def test_titles_come_first_then_whole_words(find, write):
    write("یکی", "<p>عوارض عوارض عوارض عوارض</p>", slug="often")
    write("پرداخت عوارض", f"<p>{'سخن‌های دیگر و بسیار. ' * 400}</p>", slug="title")
    write("سه", "<p>عوارضی که عوارضش عوارضی است</p>", slug="longer")
    write("پرداخت", "<p>عوارض</p>", slug="half")
    assert find("پرداخت عوارض").addresses == ["/title/", "/half/"]
    assert find("عوارض").addresses[0] == "/title/"
    assert find("عوارض").addresses[-1] == "/longer/"


def test_all_words_must_be_there_else_any_and_that_is_said(find, write):
    write("نشانی", "<p>خیابان بهار</p>", slug="street")
    write("ساعت", "<p>صبح بهار</p>", slug="morning")
    assert find("خیابان بهار").addresses == ["/street/"]
    answer = find("خیابان صبح")
    assert set(answer.addresses) == {"/street/", "/morning/"}
    assert "هیچ صفحه‌ای همهٔ این واژه‌ها را ندارد" in answer.words


def test_a_mistyped_word_is_put_right_and_that_is_said(find, write):
    write("پایانه", "<p>شناسنامهٔ ساختمان و آرامستان</p>", slug="building")
    answer = find("شناسنامه ارامسان")
    assert answer.addresses == ["/building/"]
    assert "برای «شناسنامه ارامسان» چیزی پیدا نشد. منظورتان «شناسنامه آرامستان» بود؟" in answer.words


def test_a_word_of_hidden_pages_is_never_offered(find, write):
    page = write("پنهان", "<p>آرامستان</p>")
    assert find("ارامسان").addresses == [page.url]
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    answer = find("ارامسان")
    assert answer.results == []
    assert "آرامستان" not in answer.page


def test_what_is_published_is_found_at_once_and_what_is_gone_is_not(find, write, publish, guide):
    page = write("قدیم", "<p>گلدان</p>")
    assert find("گلدان").addresses == [page.url]
    publish(page, title="تازه", body=[{"type": "text", "value": {"heading": "", "text": "<p>بلور</p>"}}])
    assert find("گلدان").results == []
    assert find("بلور").addresses == [page.url]
    assert find("تازه").addresses == [page.url]
    publish(guide, sections=[section("ماندنی", "stay"), section("رفتنی", "go")])
    assert find("رفتنی").addresses == ["/guide/#go"]
    publish(guide, sections=[section("ماندنی", "stay")])
    assert find("رفتنی").results == []


def test_drafts_and_what_was_taken_back_are_never_found(find, write):
    page = write("سنجاب", "<p>پیدا</p>")
    page.title = "راسو"
    page.save_revision()
    assert find("سنجاب").addresses == [page.url]
    assert find("راسو").results == []
    page.unpublish()
    assert find("سنجاب").results == []
    page.save_revision().publish()
    assert find("راسو").addresses == [page.url]
    page.delete()
    assert find("راسو").results == []


def test_pages_for_some_people_are_never_found(find, write, home):
    above = write("سنجاب", slug="above")
    assert find("سنجاب").addresses == ["/above/"]
    restriction = PageViewRestriction.objects.create(page=above, restriction_type="password", password="x")
    assert find("سنجاب").results == []
    restriction.delete()
    assert find("سنجاب").addresses == ["/above/"]


def test_a_page_that_the_clock_publishes_is_found(find, write):
    page = write("زمان‌بندی")
    page.unpublish()
    page.go_live_at = timezone.now() + timedelta(seconds=2)
    page.save_revision().publish()
    assert find("زمان‌بندی").results == []
    time.sleep(2)
    call_command("publish_scheduled", verbosity=0)
    assert find("زمان‌بندی").addresses == [page.url]


def test_words_of_an_older_state_are_not_found_even_before_they_are_read_again(find, write, publish, monkeypatch):
    page = write("قدیم", "<p>گلدان</p>")
    assert find("گلدان").addresses
    monkeypatch.setattr("home.search.view.refresh", lambda **_: 0)
    publish(page, body=[])
    assert find("گلدان").results == []


def test_letters_are_never_found(find, leila, water):
    factories.make_letter(leila, water, subject="قناری‌نامه", sender_name="قناری‌پور")
    for words in ("قناری‌نامه", "قناری‌پور", "قناری"):
        assert not any("قناری" in mark for mark in find(words).marks)


def test_each_language_finds_its_own_pages(find, filled):
    assert "/en/guide/" in " ".join(find("letter", address="/en/search/").addresses)
    assert find("criticism", address="/en/search/").results
    assert find("criticism").results == []
    answer = find("tracking code", address="/en/search/")
    assert "results" in answer.words
    assert 'lang="en"' in answer.page
    assert "/search/?q=tracking+code" in answer.page


def test_a_tracking_code_leads_to_tracking_and_no_further(find):
    code = references.make()
    for typed in (code, references.grouped(code), "".join("۰۱۲۳۴۵۶۷۸۹"[int(digit)] for digit in code)):
        answer = find(typed)
        assert 'href="/desk/track/"' in answer.page
        assert "شبیه کد رهگیری" in answer.words
        links = [part.partition('"')[0] for part in answer.page.split('href="')[1:]]
        assert [link for link in links if code in link and not link.startswith("/en/search/")] == []
        assert answer.response["Referrer-Policy"] == "origin"
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert "شبیه کد رهگیری" not in find(wrong).words


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "'",
        "';--",
        "a:*",
        "!(",
        "\\",
        "<->",
        "%",
        "😀",
        "\u202e",
        "و",
        "ـ" * 90,
        "a" * 5000,
        "ی\u0651" * 3000,
        "\ud800",
    ],
)
def test_odd_input_is_harmless(find, write, typed):
    write("یکی", "<p>نامه</p>")
    assert find(typed.encode(errors="replace").decode()).response.status_code == 200


def test_what_was_typed_is_escaped(find):
    answer = find('"><script>alert(1)</script>')
    assert "<script>alert" not in answer.page
    assert "&lt;script&gt;alert(1)" in answer.page


def test_nobody_keeps_the_answer_and_no_robot_lists_it(find):
    answer = find("نامه")
    assert answer.response["Cache-Control"] == "private, no-cache"
    assert '<meta name="robots" content="noindex">' in answer.page
    assert find("نامه").response.cookies == {}


def test_nothing_found_and_nothing_asked_lead_on(find, questions):
    for typed in ("", "ظظظظ"):
        answer = find(typed)
        for way in ("/guide/", "/answers/", "/desk/", "/desk/track/"):
            assert f'href="{way}"' in answer.page.partition("<main")[2].partition("</main>")[0]
    assert "صفحه‌ای برای «ظظظظ» پیدا نشد" in find("ظظظظ").words


def test_ten_at_a_time(find, write):
    for number in range(12):
        write(f"سنجاب {number}")
    first, second = find("سنجاب"), find("سنجاب", page=2)
    assert (len(first.results), len(second.results)) == (10, 2)
    assert not set(first.addresses) & set(second.addresses)
    assert "۱۲ نتیجه" in first.words
    assert find("سنجاب", page="x").addresses == first.addresses
    assert find("سنجاب", page=99).addresses == second.addresses


def test_a_request_reads_a_few_pages_and_the_timetable_the_rest(find, write, monkeypatch):
    monkeypatch.setattr("home.search.view.MOST_READ", 3)
    for number in range(8):
        write(f"سنجاب {number}")
    assert len(find("سنجاب").results) == 3
    assert index.unread().count() > 0
    assert {"home.read_pages", "home.read_all_pages"} <= {entry["task"] for entry in app.conf.beat_schedule.values()}
    tasks.read_pages()
    assert index.unread().count() == 0
    assert len(find("سنجاب").results) == 8


def test_nothing_is_only_said_when_more_pages_were_read(find, write, monkeypatch):
    monkeypatch.setattr("home.search.view.MOST_READ", 1)
    page = write("سنجاب")
    write("گربه")
    assert find("سنجاب").addresses == [page.url]


def test_a_database_that_does_not_answer_in_time_is_said(find, write, monkeypatch):
    write("سنجاب")
    find("سنجاب")
    monkeypatch.setattr(finding, "PATIENCE", "1ms")
    monkeypatch.setattr(finding, "_best", lambda *_: connection.cursor().execute("SELECT pg_sleep(1)"))
    answer = find("سنجاب")
    assert answer.response.status_code == 503
    assert "الان شلوغ است" in answer.words


def test_what_an_older_release_has_read_is_read_again(find, write):
    page = write("سنجاب")
    find("سنجاب")
    SearchEntry.objects.update(read_by=0, anchor="wrong")
    assert find("سنجاب").addresses == [page.url]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_searches_at_once_double_nothing_and_do_not_meet(write, caplog):
    pages = [write(f"سنجاب {number}", "<p>متن</p>") for number in range(6)]
    start, errors = threading.Barrier(6), []

    def read():
        try:
            start.wait()
            for _ in range(3):
                index.refresh(most=4, seconds=1)
        except Exception as error:  # noqa: BLE001 – whatever it is, the test must tell it
            errors.append(error)
        finally:
            connection.close()

    readers = [threading.Thread(target=read) for _ in range(6)]
    [reader.start() for reader in readers]
    [reader.join() for reader in readers]
    index.refresh(most=100, seconds=5)
    assert errors == []
    assert "pages were not read" not in caplog.text
    assert [SearchEntry.objects.filter(page=page).count() for page in pages] == [1] * 6


def test_the_box_stands_on_every_page_once(client, find):
    for address in ("/", "/search/", "/nowhere/"):
        page = client.get(address).content.decode()
        assert page.count('role="search"') == 1
        assert page.count('action="/search/"') == 1
    # In the desk, where bytes are counted, a link does.
    assert client.get("/desk/sign-in/").content.decode().count('href="/search/"') == 1
    assert 'action="/en/search/"' in client.get("/en/").content.decode()


def test_english_sections_of_the_guide_lead_to_their_places(find, filled):
    english = GuidePage.objects.get(locale=Locale.objects.get(language_code="en"))
    answer = find("sign", address="/en/search/")
    assert any(address.startswith(f"{english.url}#") for address in answer.addresses)
    assert "Guide › Section" in answer.words


def test_a_search_costs_no_more_where_texts_are_very_long(find, write):
    """Ten results of books would keep a process busy for a second, as often as anybody likes."""
    filling = "<p>" + "در این شهر نامه و پاسخ هست. " * 1500 + "</p>"
    for number in range(3):
        write(f"کتاب {number}", f"{filling}<p>آبخوانِ كهن را پاس بداریم، ABKHAN {number}</p>{filling}")
    find("کتاب")  # reads them
    asked = {"آبخوان": "آبخوان", "نامه ابخوان كهن": "کهن", "abkhan": "ABKHAN", "آبخوان شهر": "آبخوان"}
    for typed, mark in asked.items():
        began = time.process_time()
        answer = find(typed)
        assert time.process_time() - began < 0.5
        assert len(answer.results) == 3
        assert mark in " ".join(answer.marks).replace("ك", "ک"), typed
