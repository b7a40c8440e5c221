"""The admin of a seeded desk in a real browser, with something in every list."""

import os
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandlerMixin
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db.models import CharField, TextField
from django.utils import timezone
from playwright.sync_api import sync_playwright
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Locale, Page, TaskState, Workflow, WorkflowState

from home.models import ContentPage, GuidePage, HomePage
from home.seed.people import PEOPLE
from servicedesk.models import Unit, User
from tests.factories import make_answered_letter, make_citizen, make_letter, png
from tests.journey.browser import DESKTOP, Watch, open_browser
from tests.snapshot import Snapshot

_TOWN = Snapshot()


@pytest.fixture
def kept_static_files(monkeypatch):
    """Browsers keep scripts and style sheets from one screen to the next, as they do in an installation."""
    serve = StaticFilesHandlerMixin.serve

    def serve_for_long(self, request):
        response = serve(self, request)
        response["Cache-Control"] = "max-age=3600"
        return response

    monkeypatch.setattr(StaticFilesHandlerMixin, "serve", serve_for_long)


@pytest.fixture
def watch(live_server, kept_static_files, monkeypatch):
    # Playwright runs a loop in this thread, and Django would not ask the database beside one.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    cache.clear()
    with sync_playwright() as playwright:
        watch = Watch(open_browser(playwright), live_server.url)
        yield watch
        watch.browser.close()


@pytest.fixture
def window(watch, signed_in):
    """``window(user)``: this person's browser, signed in with the second factor."""

    def open_window(user, screen=DESKTOP):
        page = watch.window(screen)
        session = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": watch.url}
        page.context.add_cookies([cookie])
        return page

    return open_window


@pytest.fixture
def town(transactional_db, monkeypatch):
    """The seeded municipality on an ordinary day: pages in every state, files, letters, and work waiting for people."""
    for person in PEOPLE:
        monkeypatch.setenv(person.variable, f"given-{person.username}-password")
    _TOWN.bring(_build)


def _build():
    call_command("seed", verbosity=0)
    editor, admin = User.objects.get(username="editor"), User.objects.get(username="admin")
    _make_pages(editor, admin)
    _make_files(editor)
    unit = Unit.objects.get(memberships__user__username="clerk-1")
    make_letter(make_citizen(), unit)
    make_answered_letter(make_citizen(), unit, User.objects.get(username="clerk-1"))


def _make_pages(editor, admin):
    home = HomePage.objects.get(locale__language_code="fa", depth=2)

    def below_home(title, slug, **values):
        page = home.add_child(instance=ContentPage(title=title, slug=slug, owner=editor, **values))
        page.save_revision(user=editor, log_action=True)
        return page

    waiting = below_home("در انتظار بازبینی", "waiting")
    workflow = Workflow.objects.get()
    workflow.start(waiting, editor)
    sent_back = below_home("برگشته برای اصلاح", "sent-back")
    state = workflow.start(sent_back, editor)
    state.current_task_state.task.on_action(state.current_task_state, admin, "reject", comment="کوتاه‌تر شود")
    assert WorkflowState.objects.count() == 2
    assert TaskState.objects.exists()

    scheduled = below_home("زمان‌بندی‌شده", "scheduled", live=False)
    scheduled.go_live_at = timezone.now() + timedelta(days=30)
    scheduled.expire_at = timezone.now() + timedelta(days=60)
    scheduled.save_revision(user=editor).publish()
    locked = below_home("قفل‌شده", "locked")
    locked.locked, locked.locked_by, locked.locked_at = True, admin, timezone.now()
    locked.save()
    guide = GuidePage.objects.get(locale__language_code="fa")
    guide.save_revision(user=editor, log_action=True).publish(user=admin)
    guide.save_revision(user=admin, log_action=True)
    below_home("رونوشت", "copied").copy_for_translation(Locale.objects.get(language_code="en"), alias=True)
    Redirect.objects.create(old_path="/old", redirect_page=home)


def _make_files(editor):
    collection = Collection.get_first_root_node().add_child(name="تصویرهای خیابان")
    picture = ContentFile(png(), name="street.png")
    get_image_model().objects.create(title="خیابان", file=picture, uploaded_by_user=editor, collection=collection)
    text = ContentFile(b"%PDF-1.4", name="form.pdf")
    get_document_model().objects.create(title="فرم درخواست", file=text, uploaded_by_user=editor)


def names_of_people_and_things():
    """What people named: not ours to translate."""
    yield from Page.objects.values_list("title", flat=True)
    for picture in get_image_model().objects.all():
        yield from (picture.title, picture.description)
    yield from User.objects.exclude(username="").values_list("username", flat=True)
    yield from User.objects.values_list("email", flat=True)


def written_by_people():
    """Every text of the database that holds Persian, longest first: content, in whatever language the screen is."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, CharField | TextField):
                values = model._default_manager.values_list(field.name, flat=True)
                found.update(" ".join(str(value).split()) for value in values if value)
    found.update(user.get_full_name() for user in User.objects.all())
    return sorted((text for text in found if re.search("[\u0600-\u06ff]", text)), key=len, reverse=True)
