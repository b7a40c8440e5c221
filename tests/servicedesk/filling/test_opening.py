"""When a service takes letters, and how many of one citizen."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from wagtail.models import Locale

from servicedesk.models import Draft, Letter
from servicedesk.models.opening import TooOften
from tests.factories import make_citizen
from tests.questions import make_form_service, name, question, section
from tests.servicedesk.filling.conftest import NEW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_before_it_opens_and_after_it_closes_a_service_says_so_and_takes_nothing(citizen):
    asked = question("short_text", "نام مغازه")
    service = make_form_service(section(asked))
    shown = citizen.open()
    for values, sentence in (
        ({"opens_at": timezone.now() + DAY, "closes_at": None}, "نامه می‌گیرد"),
        ({"opens_at": None, "closes_at": timezone.now() - DAY}, "مهلت این خدمت"),
    ):
        for field, value in values.items():
            setattr(service, field, value)
        service.save()
        assert sentence in citizen.open().content.decode()
        assert sentence in citizen.client.get("/desk/").content.decode()
        page = citizen.client.get("/permit/").content.decode()
        assert sentence in page
        assert "service=permit" not in page
        typed = citizen.with_version(shown, {**citizen.usual(), name(asked): "نوشته دیر"})
        refused = citizen.client.post(NEW, typed)
        assert refused.status_code == 422
        assert sentence in refused.content.decode()
        assert not Letter.objects.exists()
        # What was typed before the end is not lost with it.
        assert Draft.objects.get().typed[name(asked)] == ["نوشته دیر"]


def test_within_its_times_it_takes_letters(citizen):
    make_form_service(opens_at=timezone.now() - DAY, closes_at=timezone.now() + DAY)
    assert citizen.send().status_code == 303


def test_the_public_page_is_kept_no_longer_than_it_is_true(client):
    make_form_service(opens_at=timezone.now() + timedelta(minutes=5))
    answer = client.get("/permit/")
    assert answer.wsgi_request.answer_holds_until < timezone.now() + timedelta(minutes=6)


def test_an_end_before_the_beginning_is_refused():
    with pytest.raises(ValidationError, match="پس از"):
        make_form_service(opens_at=timezone.now(), closes_at=timezone.now() - DAY)


def test_as_many_letters_as_it_takes_of_each_citizen(citizen, signed_in, water):
    make_form_service(most_letters=1, most_letters_days=30)
    assert citizen.send().status_code == 303
    citizen.key = "00000000-0000-4000-8000-000000000001"
    assert "بیش از این نمی‌شود" in citizen.open().content.decode()
    refused = citizen.client.post(NEW, citizen.usual())
    assert refused.status_code == 422
    assert "بیش از این نمی‌شود" in refused.content.decode()
    assert Letter.objects.count() == 1
    assert signed_in(make_citizen()).get(NEW).context["form"]
    Letter.objects.update(submitted_at=timezone.now() - 31 * DAY)
    assert citizen.send().status_code == 303


def test_a_letter_counts_in_every_language(leila, water, citizen):
    service = make_form_service(most_letters=1)
    citizen.send()
    english = service.copy_for_translation(Locale.objects.get(language_code="en"))
    with translation.override("en"), pytest.raises(TooOften):
        english.check_how_often(leila)
