"""Public pages come from the cache for strangers, and what somebody changed is seen by the next one."""

import gzip
import json
import pickle
import re
import time
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from threading import Event, Thread
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail import hooks
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Page, PageViewRestriction, Site
from wagtail.test.utils.form_data import querydict_from_html

from config import page_cache
from config.cache import ForgivingClient
from home.models import Banner, ContentPage, GuidePage, HomePage, NewsIndexPage, NewsPage, QuestionsPage
from home.models.site_settings import SiteSettings
from home.seed import pages
from home.seed.blocks import rules, section
from servicedesk.models import DeskSettings, ServicePage, Unit
from servicedesk.page_generation import current, watched_tables
from tests import factories
from tests.snapshot import Snapshot

_FILLED = Snapshot()
pytestmark = pytest.mark.django_db
commits = pytest.mark.django_db(transaction=True, serialized_rollback=True)
GUIDE = "/guide/"


@pytest.fixture(autouse=True)
def first_settings(db):
    """The rows that the first visit of an installation writes, and a cache without what other tests left there."""
    cache.clear()
    for model in (DeskSettings, SiteSettings):
        model.load()


@pytest.fixture
def guide():
    return GuidePage.objects.get(locale__language_code="fa")


@pytest.fixture
def clerk_of_pages(admin_user):
    """The pages as the seed fills them."""
    _FILLED.bring(lambda: pages.fill_pages(author=admin_user))
    return admin_user


def publish(page, **values):
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()


def look(address=GUIDE, browser=None, **headers):
    """(answer, whether it came from the cache)."""
    with CaptureQueriesContext(connection) as queries:
        answer = (browser or Client()).get(address, headers=headers)
    return answer, len(queries) == 1


def words(address=GUIDE, **headers):
    return look(address, **headers)[0].content.decode()


def is_kept(address=GUIDE, browser=None):
    """Whether the second of two looks is answered from the cache."""
    look(address, browser)
    return look(address, browser)[1]


# --- What a stranger gets -------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", GUIDE, "/en/", "/en/guide/", "/general-letter/", "/sitemap.xml"])
def test_the_second_stranger_costs_one_query_and_gets_the_same(address):
    first, _ = look(address)
    second, was_kept = look(address)
    assert was_kept
    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    assert dict(first.headers) == dict(second.headers)


@pytest.mark.parametrize("address", ["/desk/sign-in/", "/desk/track/", "/robots.txt", "/no/such/page/", "/healthz"])
def test_nothing_is_kept_that_nobody_marked(address):
    answer, _ = look(address)
    assert "ETag" not in answer
    assert not [key for key in cache._cache.get_client().keys("*") if b"page:" in key]


def test_it_comes_compressed_or_not_as_the_browser_likes_it():
    plain, _ = look()
    small, was_kept = look(**{"Accept-Encoding": "gzip, br"})
    assert was_kept
    assert small["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain
    assert gzip.decompress(small.content) == plain.content
    assert int(small["Content-Length"]) == len(small.content)


def test_browsers_ask_each_time_and_language_and_strangers_cookies_make_no_difference():
    for answer in (look()[0], look()[0]):
        assert answer["Cache-Control"] == "public, no-cache"
        assert {word.strip() for word in answer["Vary"].split(",")} == {"Cookie", "Accept-Encoding"}
    browser = Client()
    browser.cookies["csrftoken"], browser.cookies["known"] = "x" * 32, "whatever"
    assert look(browser=browser)[1]
    english, was_kept = look(**{"Accept-Language": "en"})
    assert was_kept
    assert 'lang="fa-IR"' in english.content.decode()
    assert 'lang="en"' in words("/en/guide/")


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_whoever_has_the_page_is_told_so_in_a_few_bytes(guide, encoding):
    headers = {"Accept-Encoding": encoding}
    etag = look(**headers)[0]["ETag"]
    answer, was_kept = look(**headers, **{"If-None-Match": etag})
    assert was_kept
    assert (answer.status_code, answer.content) == (304, b"")
    assert (answer["ETag"], answer["Cache-Control"]) == (etag, "public, no-cache")
    assert "Cookie" in answer["Vary"]
    publish(guide, introduction="تازه")
    answer, _ = look(**headers, **{"If-None-Match": etag})
    assert answer.status_code == 200
    assert answer["ETag"] != etag


def test_head_is_answered_like_get_and_fills_nothing():
    head = Client().head(GUIDE)
    assert head.status_code == 200
    assert not look()[1]
    got, _ = look()
    with CaptureQueriesContext(connection) as queries:
        head = Client().head(GUIDE)
    assert len(queries) == 1
    assert dict(head.headers) == dict(got.headers)


def test_an_address_with_a_query_is_made_anew_and_fills_nothing():
    assert not is_kept("/?utm_source=x")
    assert not look("/")[1]
    answer, _ = look("/?utm_source=x")
    assert answer["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("host", ["testserver:8001", "testserver.", "any.desk.example.ir"])
def test_a_host_that_nobody_wrote_down_fills_nothing(settings, host):
    """Django takes any port, a dot at the end and any name below a domain: each would be another entry."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, ".desk.example.ir"]
    answer, _ = look(Host=host)
    assert answer.status_code == 200
    assert not cache._cache.get_client().keys("*page:*")


HOSTILE = {
    "X-Forwarded-Host": "evil.example",
    "X-Host": "evil.example",
    "Forwarded": "host=evil.example",
    "X-Forwarded-Port": "666",
    "X-Forwarded-Prefix": "/evil",
    "X-Original-URL": "/evil/",
    "X-Rewrite-URL": "/evil/",
    "X-HTTP-Method-Override": "POST",
    "Accept-Language": "en",
    "Authorization": "Basic ZXZpbDpldmls",
    "Origin": "https://evil.example",
    "Referer": "https://evil.example/",
    "User-Agent": "evil",
    "X-Way-On": "1",
    "Range": "bytes=0-9",
    "If-Match": '"evil"',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_header_of_a_stranger_gets_into_what_the_next_one_sees(name):
    clean = words()
    cache.clear()
    browser = Client()
    browser.cookies["django_language"], browser.cookies["csrftoken"] = "en", "evil" * 8
    look(browser=browser, **{name: HOSTILE[name]})
    answer, was_kept = look()
    assert was_kept
    assert answer.status_code == 200
    assert answer.content.decode() == clean
    assert "evil" not in str(answer.headers)


def test_no_other_method_is_answered_from_what_is_kept_or_fills_it():
    for method in ("post", "put", "delete", "options", "patch", "trace"):
        getattr(Client(), method)(GUIDE)
        assert not cache._cache.get_client().keys("*page:*")
    kept = words()
    for method in ("post", "put", "delete", "options", "patch", "trace"):
        assert "ETag" not in getattr(Client(), method)(GUIDE)
    assert words() == kept


# --- What belongs to one person --------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["leila", "admin_user"])
def test_whoever_is_signed_in_neither_reads_nor_fills(request, signed_in, who):
    browser = signed_in(request.getfixturevalue(who))
    personal, was_kept = look("/", browser)
    assert not was_kept
    assert personal["Cache-Control"] == "private, no-store"
    assert "ETag" not in personal
    stranger, was_kept = look("/")
    assert not was_kept
    assert "خروج" not in stranger.content.decode()
    again, was_kept = look("/", browser)
    assert not was_kept
    assert ("خروج" in again.content.decode()) == (who == "leila")


def test_a_session_that_is_over_is_enough_to_be_left_alone():
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = "of-a-session-that-may-be-over"
    assert not is_kept(browser=browser)
    assert not look()[1]
    assert look()[1]
    assert not look(browser=browser)[1]


def sets_a_cookie(request):
    answer = HttpResponse("x")
    answer.set_cookie("some", "thing")
    return answer


def begins_a_session(request):
    request.session["letter"] = "x"
    return HttpResponse("x")


def differs_by_device(request):
    return HttpResponse("x", headers={"Vary": "User-Agent"})


@pytest.mark.parametrize(
    "view",
    [
        lambda request: HttpResponse(f"<script nonce={request._csp_nonce}>"),
        lambda request: HttpResponse(get_token(request)),
        lambda request: HttpResponse("x", status=404),
        lambda request: HttpResponse("x", headers={"Cache-Control": "private"}),
        lambda request: HttpResponse("x", headers={"Cache-Control": "max-age=0, no-store"}),
        sets_a_cookie,
        begins_a_session,
        differs_by_device,
    ],
    ids=["nonce", "token", "404", "private", "no-store", "cookie", "session", "vary"],
)
def test_what_one_visitor_alone_may_get_is_not_kept(view):
    with hooks.register_temporarily("before_serve_page", lambda page, request, args, kwargs: view(request)):
        browsers = [Client(), Client()]
        for browser in browsers:
            browser.cookies["csrftoken"] = "a" * 32
        first, second = (look(browser=browser) for browser in browsers)
    assert not second[1]
    assert "ETag" not in second[0]
    assert "public" not in second[0].get("Cache-Control", "")


def test_a_page_that_is_locked_is_locked_at_once(guide):
    assert is_kept()
    lock = PageViewRestriction.objects.create(page=guide, restriction_type="password", password="sesame")
    for _ in range(2):
        answer, was_kept = look()
        assert not was_kept
        assert "no-store" in answer["Cache-Control"]
        assert 'type="password"' in answer.content.decode()
    lock.delete()
    assert 'type="password"' not in words()
    assert is_kept()


def test_an_editors_preview_stays_with_the_editor(signed_in, admin_user, guide):
    guide.title = "پیش‌نویسی که کسی ندیده"
    guide.save_revision()
    browser = signed_in(admin_user)
    preview = browser.get(f"/admin/pages/{guide.pk}/view_draft/")
    assert guide.title in preview.content.decode()
    assert guide.title not in words()
    # Without the editor's cookies, as a notification by mail may make it, at the address where the page is kept.
    address = {"Host": urlsplit(guide.full_url).netloc}
    assert guide.title not in words(**address)
    without_cookies = guide.make_preview_request(None, guide.default_preview_mode)
    assert guide.title in without_cookies.content.decode()
    assert guide.title not in words(**address)


# --- What changes is seen ---------------------------------------------------------------------------------

NEWS = "خبرِ تازه"


def move_away(guide):
    guide.move(ContentPage.objects.get(slug="about", locale__language_code="fa"), pos="last-child")


def replace_home(guide):
    other = HomePage(title=NEWS, slug="other", locale=guide.locale)
    Page.objects.get(depth=1).add_child(instance=other)
    Site.objects.update(root_page=other)


CHANGES = {
    "publish": (GUIDE, lambda guide: publish(guide, introduction=NEWS), NEWS),
    "unpublish": (GUIDE, lambda guide: guide.unpublish(), 404),
    "delete": (GUIDE, lambda guide: guide.delete(), 404),
    "slug": (GUIDE, lambda guide: publish(guide, slug="help"), 404),
    "move": (GUIDE, move_away, 301),
    "past every signal": (GUIDE, lambda guide: Page.objects.filter(pk=guide.pk).update(title=NEWS), NEWS),
    "upload limit": (GUIDE, lambda guide: DeskSettings.objects.update(body_file_kilobytes=3 * 1024), "۳ مگابایت"),
    "name of the desk": ("/", lambda guide: DeskSettings.objects.update(organisation_name=NEWS), NEWS),
    "colour": ("/", lambda guide: SiteSettings.objects.update(colour="#7a1f1f"), "/theme-"),
    "banner": ("/", lambda guide: Banner.objects.create(text=NEWS), NEWS),
    "service": ("/", lambda guide: ServicePage.objects.update(summary=NEWS), NEWS),
    "site": ("/", replace_home, NEWS),
    "other language": ("/en/guide/", lambda guide: GuidePage.objects.update(introduction=NEWS), NEWS),
}


@pytest.mark.parametrize(("address", "change", "seen"), CHANGES.values(), ids=list(CHANGES))
def test_the_next_stranger_sees_it(clerk_of_pages, address, change, seen):
    guide = GuidePage.objects.get(slug="guide", locale__language_code="fa")

    def shows():
        answer, _ = look(address)
        return answer.status_code == seen if isinstance(seen, int) else seen in answer.content.decode()

    assert is_kept(address)
    assert not shows()
    change(guide)
    assert shows()


def send_form(browser, address, known, **values):
    """What an editor's browser sends who opened ``address`` and changed ``values`` in the form with the field
    ``known``."""
    opened = browser.get(address, follow=True)
    forms = (querydict_from_html(opened.content.decode(), form_index=index) for index in count())
    fields = next(form for form in forms if known in form)
    for name, value in values.items():
        fields[name] = value
    answer = browser.post(opened.request["PATH_INFO"], fields)
    assert answer.status_code in (302, 303)


def test_an_editor_publishes_in_the_admin_and_a_stranger_sees_it(signed_in, admin_user):
    service = ServicePage.objects.get(slug="general-letter", locale__language_code="fa")
    assert is_kept(service.get_url())
    address = f"/admin/pages/{service.pk}/edit/"
    # The questions of the form are drawn by a script; it has none.
    no_questions = {"form-count": 0, "routing-count": 0}
    send_form(signed_in(admin_user), address, "summary", summary=NEWS, **no_questions)
    assert NEWS not in words(service.get_url())
    send_form(signed_in(admin_user), address, "summary", **{"action-publish": "action-publish"}, **no_questions)
    assert NEWS in words(service.get_url())


def test_a_limit_changed_in_the_admin_stands_in_the_guide_at_once(signed_in, admin_user, guide):
    publish(guide, sections=json.dumps([section("قوانین", "rules", rules("اندازه"))]))
    assert is_kept()
    assert "۲ مگابایت" not in words()
    send_form(
        signed_in(admin_user),
        "/admin/settings/servicedesk/desksettings/",
        "body_file_kilobytes",
        body_file_kilobytes=2048,
    )
    assert "۲ مگابایت" in words()


def test_a_banner_goes_when_its_time_is_over():
    Banner.objects.create(text=NEWS, ends_at=timezone.now() + timedelta(seconds=2.2))
    assert is_kept("/")
    assert NEWS in words("/")
    time.sleep(2.3)
    assert NEWS not in words("/")


def test_nothing_is_kept_longer_than_an_hour():
    Banner.objects.create(text=NEWS, ends_at=timezone.now() + timedelta(days=9))
    look()
    client = cache._cache.get_client()
    assert [0 < client.ttl(key) <= 3600 for key in client.keys("*page:*")] == [True]


def test_another_release_makes_its_pages_anew(monkeypatch):
    assert is_kept()
    monkeypatch.setattr(page_cache, "release", lambda: "next")
    assert not look()[1]


def test_a_developer_sees_the_template_that_was_saved_just_now(settings):
    settings.DEBUG = True
    assert not is_kept()


def test_wagtails_note_of_where_sites_begin_misleads_no_page():
    """Wagtail drops it before its transaction ends, and cannot drop it while Valkey is away."""
    Site.get_site_root_paths()
    Site.objects.update(hostname="new.example.ir")
    assert "new.example.ir" not in str(Site.get_site_root_paths())
    look()
    assert "new.example.ir" in str(Site.get_site_root_paths())


# --- Valkey, transactions, and several at once --------------------------------------------------------------


@contextmanager
def valkey_away(settings):
    caches = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}}
    before = settings.CACHES
    settings.CACHES = caches
    yield
    settings.CACHES = before
    ForgivingClient._resting_until = 0


def test_what_was_published_while_valkey_was_away_is_seen_when_it_is_back(settings, guide):
    assert is_kept()
    with valkey_away(settings):
        assert guide.title in words()
        publish(guide, title=NEWS)
        assert NEWS in words()
        assert not is_kept()
        etag = look()[0]["ETag"]
        assert look(**{"If-None-Match": etag})[0].status_code == 304
    assert NEWS in words()
    assert is_kept()


def pickled_by_another_release():
    """Names a class that is no longer where it was."""
    return pickle.dumps(Banner(text=NEWS)).replace(b"home.models", b"gone.models")


@pytest.mark.parametrize(
    "garbage",
    [
        b"garbage",
        b"",
        b"7",
        b"\x80\x05K",
        pickle.dumps({"a": 1}),
        pickle.dumps(("x", "y")),
        pickled_by_another_release(),
    ],
    ids=["words", "nothing", "number", "half", "dict", "pair", "release"],
)
def test_what_cannot_be_read_in_valkey_is_made_anew(guide, garbage):
    """The note of the sites, pictures and pages all lie there; an upgrade may move the classes of any of them."""
    assert is_kept()
    client = cache._cache.get_client()
    for key in client.keys("*page:*"):
        client.set(key, garbage)
    assert guide.title in words()
    assert is_kept()


def test_wagtails_own_notes_may_be_unreadable_too(clerk_of_pages):
    assert "تازه‌ها" in words("/")
    client = cache._cache.get_client()
    for key in client.keys("*"):
        client.set(key, b"garbage")
    assert "تازه‌ها" in words("/")
    assert "تازه‌ها" in words("/?not=kept")


def test_a_change_that_is_taken_back_was_never_there(guide):
    before = words()
    mark = current()
    with transaction.atomic():
        Page.objects.filter(pk=guide.pk).update(title=NEWS)
        assert NEWS in words()
        transaction.set_rollback(True)
    assert current() == mark
    assert words() == before
    Page.objects.filter(pk=guide.pk).update(title=NEWS)
    assert NEWS in words()


@commits
def test_a_page_that_was_being_made_while_somebody_published_is_given_to_nobody_else(guide):
    """The reader has the old page in hand when the new one is committed, and stores what he made afterwards."""
    has_read, may_go_on = Event(), Event()
    answers = []

    def pause(page, request, args, kwargs):
        if "slow" in request.headers.get("User-Agent", ""):
            has_read.set()
            assert may_go_on.wait(20)

    def read():
        answers.append(words(**{"User-Agent": "slow"}))
        connection.close()

    old = "این را کسی دیگر نبیند"
    publish(guide, introduction=old)
    with hooks.register_temporarily("before_serve_page", pause):
        reader = Thread(target=read)
        reader.start()
        assert has_read.wait(20)
        publish(guide, introduction=NEWS)
        may_go_on.set()
        reader.join()
    assert old in answers[0]
    assert NEWS in words()
    assert old not in words()


@commits
def test_a_change_counts_from_its_commit_on(guide):
    """Whoever looks before it keeps the old page; that page is not what comes after it."""
    may_commit, has_written = Event(), Event()

    def write():
        with transaction.atomic():
            Page.objects.filter(pk=guide.pk).update(title=NEWS)
            has_written.set()
            assert may_commit.wait(20)
        connection.close()

    writer = Thread(target=write)
    writer.start()
    assert has_written.wait(20)
    assert NEWS not in words()
    assert is_kept()
    may_commit.set()
    writer.join()
    assert NEWS in words()


@commits
def test_two_who_write_at_once_do_not_wait_for_each_other(guide):
    """A lock that both need, taken in the middle of their transactions, would let two editors end in a deadlock."""
    marks = {current()}
    other_done = []

    def other():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            DeskSettings.objects.update(organisation_name="دیگر")
        other_done.append(current())
        connection.close()

    with transaction.atomic():
        Page.objects.filter(pk=guide.pk).update(title=NEWS)
        writer = Thread(target=other)
        writer.start()
        writer.join()
    assert other_done
    marks |= {other_done[0], current()}
    assert len(marks) == 3


@commits
def test_one_transaction_renews_the_mark_once_and_a_truncated_table_too(guide):
    with transaction.atomic(), connection.cursor() as cursor:
        Page.objects.filter(pk=guide.pk).update(title=NEWS)
        cursor.execute("SELECT mark FROM page_generation")
        first = cursor.fetchall()
        Page.objects.filter(pk=guide.pk).update(title=NEWS)
        cursor.execute("SELECT mark FROM page_generation")
        assert cursor.fetchall() == first
    before = current()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE home_banner")
    assert current() != before


# --- Nothing that pages read is left out ----------------------------------------------------------------------

# The mark itself. Who reads pages of a stranger needs no other table that is not watched.
UNWATCHED = {"page_generation"}
# The index of the search, read at addresses with a query only, which are never kept.
SEARCHED = {"home_searchentry", "home_searchword"}


def tables_read(address):
    with CaptureQueriesContext(connection) as queries:
        answer = Client().get(address)
    assert answer.status_code == 200, address
    assert answer["Cache-Control"] == "public, no-cache", address
    text = " ".join(query["sql"] for query in queries)
    return set(re.findall(r'(?:FROM|JOIN|INTO|UPDATE) "?([a-z_]+)"?', text))


def test_every_table_that_a_public_page_reads_is_watched(clerk_of_pages):
    """Drives all live pages; a new kind of page or block, a new setting or menu fails here until its tables are named
    in a migration (``Watch``)."""
    factories.make_unit("آب و فاضلاب")
    home = Site.objects.get(is_default_site=True).root_page
    about = ContentPage.objects.get(slug="about", locale__language_code="fa")
    root = Collection.get_first_root_node()
    picture = Image.objects.create(title="نشان", file=get_test_image_file(), collection=root)
    SiteSettings.objects.update(logo=picture)
    Banner.objects.create(text=NEWS, page=about)
    SiteSettings.load().menu_items.create(place="main", page=about)
    index = home.add_child(instance=NewsIndexPage(title="خبرها", slug="more-news"))
    index.add_child(instance=NewsPage(title=NEWS, slug="one", introduction="-"))
    home.add_child(instance=QuestionsPage(title="پرسش‌ها", slug="more-questions", subjects=[]))
    seen = {}
    for page in Page.objects.live().filter(depth__gt=1).specific():
        cache.clear()
        for table in tables_read(page.get_url()):
            seen.setdefault(table, page.get_url())
    cache.clear()
    seen |= dict.fromkeys(tables_read("/sitemap.xml"), "/sitemap.xml")
    assert {"wagtailcore_page", "servicedesk_desksettings", "home_banner", "wagtailimages_rendition"} <= set(seen)
    watched = watched_tables()
    assert {table: at for table, at in seen.items() if table not in watched | UNWATCHED} == {}


def test_every_kind_of_page_and_setting_is_watched():
    """Also those that no page of the walk above happens to have."""
    needed = {
        table
        for model in apps.get_models()
        if issubclass(model, (Page, BaseGenericSetting, BaseSiteSetting)) or model._meta.app_label == "home"
        for table in (model._meta.db_table, *(field.m2m_db_table() for field in model._meta.local_many_to_many))
    }
    assert (needed | {Unit._meta.db_table}) - SEARCHED - watched_tables() == set()
