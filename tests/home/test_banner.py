"""A warning above every page, for a span of time."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from home.banners import state
from home.models import Banner

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def seen(client, address="/"):
    return "امروز بسته‌ایم" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("starts", "ends", "is_on", "shows", "words"),
    [
        (None, None, True, True, "اکنون دیده می‌شود"),
        (-HOUR, HOUR, True, True, "اکنون دیده می‌شود"),
        (-2 * HOUR, -HOUR, True, False, "تمام شده"),
        (HOUR, 2 * HOUR, True, False, "هنوز نه"),
        (-HOUR, HOUR, False, False, "خاموش"),
    ],
)
def test_shows_in_its_time_only(client, starts, ends, is_on, shows, words):
    now = timezone.now()
    banner = Banner.objects.create(
        text="امروز بسته‌ایم",
        is_on=is_on,
        starts_at=now + starts if starts else None,
        ends_at=now + ends if ends else None,
    )
    assert seen(client) is shows
    assert seen(client, "/desk/sign-in/") is shows
    assert state(banner) == words


def test_speaks_the_language_of_the_page_as_far_as_it_can(client):
    banner = Banner.objects.create(text="امروز بسته‌ایم", text_en="Closed today")
    assert "Closed today" in client.get("/en/").content.decode()
    banner.text_en = ""
    banner.save()
    page = client.get("/en/").content.decode()
    assert '<p><span lang="fa" dir="rtl">امروز بسته‌ایم</span>' in page


def test_knows_when_the_next_change_comes():
    now = timezone.now()
    Banner.objects.create(text="یک", starts_at=now - HOUR, ends_at=now + 3 * HOUR)
    Banner.objects.create(text="دو", starts_at=now + 2 * HOUR)
    Banner.objects.create(text="خاموش", starts_at=now + HOUR, is_on=False)
    showing, change = Banner.objects.now_and_next()
    assert [banner.text for banner in showing] == ["یک"]
    assert change == now + 2 * HOUR


def test_a_warning_stands_above_what_is_merely_good_to_know():
    Banner.objects.create(text="هشدار", kind="warning")
    Banner.objects.create(text="خبر", kind="news")
    showing, _change = Banner.objects.now_and_next()
    assert [banner.text for banner in showing] == ["هشدار", "خبر"]


def test_an_end_before_the_beginning_is_refused():
    now = timezone.now()
    with pytest.raises(ValidationError):
        Banner(text="یک", starts_at=now, ends_at=now - HOUR).full_clean()


def test_leads_to_a_page_with_more(client, guide):
    Banner.objects.create(text="امروز بسته‌ایم", page=guide)
    assert '<a href="/guide/">بیشتر بخوانید</a>' in client.get("/desk/sign-in/").content.decode()
    assert '<a href="/en/guide/">More about it</a>' in client.get("/en/").content.decode()
    guide.unpublish()
    assert "بیشتر بخوانید" not in client.get("/").content.decode()
