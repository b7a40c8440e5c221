"""A form of two hundred questions in the page editor: it opens, is changed by hand, and is saved."""

import pytest
from django.contrib.auth.models import Group

from home.groups import EDITORS, make_groups
from servicedesk.models import ServicePage
from tests.journey.form_tab import FormTab
from tests.questions import make_form_service, many

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.needs("chromium")]


@pytest.fixture
def negar(editor, window):
    make_groups()
    editor.groups.add(Group.objects.get(name=EDITORS))
    return window(editor)


def test_two_hundred_questions_open_change_and_save(negar, watch):
    service = make_form_service(*many(200))
    before = service.form.get_prep_value()
    tab = FormTab(negar, service.pk)
    tab.question(9, section=19).locator("input[name$=-label]").fill("پرسش آخر، با کلمه‌های تازه")
    tab.save()
    after = ServicePage.objects.get(pk=service.pk).get_latest_revision_as_object().form.get_prep_value()
    assert len([each for part in after for each in part["value"]["questions"]]) == 200
    assert after[-1]["value"]["questions"][-1]["value"]["label"] == "پرسش آخر، با کلمه‌های تازه"
    assert [each["id"] for part in after for each in part["value"]["questions"]] == [
        each["id"] for part in before for each in part["value"]["questions"]
    ]
    assert watch.wrong == []
