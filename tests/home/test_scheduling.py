"""Pages that editors scheduled go live and come down by themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.celery import app
from home.models import ContentPage
from home.tasks import keep_time

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def schedule(home, slug, **times):
    page = home.add_child(instance=ContentPage(title=slug, slug=slug, live=False, **times))
    page.save_revision().publish()
    return page


def due(page):
    """As if its hour had come since."""
    revision = page.revisions.get()
    revision.approved_go_live_at = timezone.now() - timedelta(seconds=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()


def test_goes_live_when_its_time_comes(client, home):
    page = schedule(home, "tomorrow", go_live_at=timezone.now() + HOUR)
    keep_time()
    assert client.get("/tomorrow/").status_code == 404
    due(page)
    keep_time()
    assert client.get("/tomorrow/").status_code == 200


def test_comes_down_when_its_time_is_over(client, home):
    page = schedule(home, "yesterday", expire_at=timezone.now() + HOUR)
    keep_time()
    assert client.get("/yesterday/").status_code == 200
    ContentPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - HOUR)
    keep_time()
    assert client.get("/yesterday/").status_code == 404


def test_one_page_that_refuses_holds_up_no_other(client, home, caplog):
    """Its address has been given to another page since."""
    broken, sound = (schedule(home, slug, go_live_at=timezone.now() + HOUR) for slug in ("taken", "sound"))
    for page in (broken, sound):
        due(page)
    ContentPage.objects.filter(pk=broken.pk).update(slug="moved")
    home.refresh_from_db()
    home.add_child(instance=ContentPage(title="دیگری", slug="taken"))
    keep_time()
    assert client.get("/sound/").status_code == 200
    assert "دیگری" in client.get("/taken/").content.decode()
    assert "refused" in caplog.text


def test_a_page_that_refuses_is_said_once_and_again_when_it_refuses_anew(client, home, caplog):
    """The timetable asks twice a minute; a line at each would be two thousand a day."""
    page = schedule(home, "taken", go_live_at=timezone.now() + HOUR)
    due(page)
    ContentPage.objects.filter(pk=page.pk).update(slug="moved")
    home.refresh_from_db()
    other = home.add_child(instance=ContentPage(title="دیگری", slug="taken"))
    for _ in range(4):
        keep_time()
    assert caplog.text.count("refused:") == 1
    ContentPage.objects.get(pk=other.pk).delete()
    keep_time()
    assert client.get("/taken/").status_code == 200
    assert caplog.text.count("refuses no more") == 1
    # It refuses anew: another page has its address again.
    page.unpublish()
    due(page)
    ContentPage.objects.filter(pk=page.pk).update(slug="moved")
    home.refresh_from_db()
    home.add_child(instance=ContentPage(title="دیگری", slug="taken"))
    for _ in range(4):
        keep_time()
    assert caplog.text.count("refused:") == 2


def test_stands_in_the_timetable():
    assert "home.keep_time" in {entry["task"] for entry in app.conf.beat_schedule.values()}
