"""Answers and conditions name questions and choices by their ids, so these live as long as the question does."""

import pytest
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.models import Locale

from servicedesk.models import ServicePage
from tests.questions import make_form_service, question, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def permit():
    kind = question("choice", "نوع درخواست", choices=["تازه", "تمدید"])
    extension = kind["value"]["choices"][1]["id"]
    return make_form_service(section(kind, question("short_text", "شماره", rules=[(kind, "is", extension)])))


def ids_of(page):
    """Those of questions and choices, and what conditions name."""
    outline = ServicePage.objects.get(pk=page.pk).outline()
    return [
        (question.id, [choice for choice, _words in question.options.get("choices", ())], question.condition)
        for question in outline.questions
    ]


def test_they_survive_a_copy_for_translation(permit):
    english = Locale.objects.get(language_code="en")
    translation = CopyPageForTranslationAction(permit, english, copy_parents=True).execute(skip_permission_checks=True)
    assert translation.locale == english
    assert ids_of(translation) == ids_of(permit)
    # Saved and published like any page.
    translation.save_revision().publish()
    assert ids_of(translation) == ids_of(permit)


def test_they_survive_a_copy_of_the_page(permit):
    copy = permit.copy(update_attrs={"slug": "second", "title": "دوم"})
    assert ids_of(copy) == ids_of(permit)


def test_they_survive_an_alias(permit):
    alias = permit.create_alias(update_slug="alias")
    assert ids_of(alias) == ids_of(permit)


def test_they_survive_reverting_to_an_earlier_version(permit):
    before = ids_of(permit)
    first = permit.save_revision()
    permit.form = []
    permit.save_revision().publish()
    assert ids_of(permit) == []
    first.as_object().save_revision().publish()
    assert ids_of(permit) == before
