"""Units by answers in the page editor: what would leave a letter without a unit is not published."""

import pytest
from django.urls import reverse

from servicedesk.models import ServicePage, Unit
from tests.questions import make_form_service, question, route, section
from tests.servicedesk.forms.editing import form_data

pytestmark = pytest.mark.django_db
KIND = question("choice", "موضوع", choices={"pipe": "لوله", "street": "خیابان"})


@pytest.fixture
def browser(signed_in, admin_user):
    return signed_in(admin_user)


def publish(browser, service, *routing, questions=(KIND,)):
    address = reverse("wagtailadmin_pages:edit", args=[service.pk])
    data = form_data(service, section(*questions), routing=routing)
    return browser.post(address, {**data, "action-publish": "1"}, follow=True).content.decode()


def is_routed(service):
    return bool(ServicePage.objects.get(pk=service.pk).routing)


def test_sound_routes_are_published(browser, water, roads):
    service = make_form_service()
    publish(browser, service, route(water, (KIND, "is", "pipe")), route(roads))
    assert is_routed(service)
    assert [unit.pk for unit in ServicePage.objects.get(pk=service.pk).receiving_units()] == [water.pk, roads.pk]


GONE = question("yes_no", "رفته")
# {fault: the routes that have it, of three units, the last of which receives no letters}
FAULTS = {
    "nobody for the rest": lambda water, roads, closed: [route(water, (KIND, "is", "pipe"))],
    "one after all": lambda water, roads, closed: [route(water), route(roads)],
    "a unit that receives none": lambda water, roads, closed: [route(closed)],
    "no such question": lambda water, roads, closed: [route(water, (GONE, "is", "yes")), route(roads)],
    "no such choice": lambda water, roads, closed: [route(water, (KIND, "is", "x")), route(roads)],
}
SAID = {
    "nobody for the rest": "بی‌شرط در آخر",
    "one after all": "واحدهای پایین‌تر هیچ نامه‌ای",
    "a unit that receives none": "واحد «واحد بسته» نامه نمی‌گیرد",
    "no such question": "در این فرم نیست",
    "no such choice": "هرگز پاسخ آن نیست",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_others_are_refused_with_the_names(browser, water, roads, fault):
    service = make_form_service()
    closed = Unit.objects.create(name="واحد بسته", is_active=False)
    routing, sentence = FAULTS[fault](water, roads, closed), SAID[fault]
    assert sentence in publish(browser, service, *routing)
    assert not is_routed(service)
    # A draft may have them, and says so.
    address = reverse("wagtailadmin_pages:edit", args=[service.pk])
    answer = browser.post(address, form_data(service, section(KIND), routing=routing), follow=True)
    assert sentence in answer.content.decode()
    assert service.latest_revision_id != ServicePage.objects.get(pk=service.pk).latest_revision_id


def test_a_question_that_routes_ask_about_is_not_removed_unseen(browser, water, roads):
    service = make_form_service(section(KIND), routing=[route(water, (KIND, "is", "pipe")), route(roads)])
    routing = [route(water, (KIND, "is", "pipe")), route(roads)]
    answer = publish(browser, service, *routing, questions=[question("short_text", "نام مغازه")])
    assert f"«{water.name}»" in answer
    assert [asked.label for asked in ServicePage.objects.get(pk=service.pk).outline().questions] == ["موضوع"]


def test_two_revisions_are_compared_in_words(browser, water, roads):
    service = make_form_service()
    publish(browser, service, route(water, (KIND, "is", "pipe")), route(roads))
    publish(browser, service, route(roads))
    earlier, later = service.revisions.order_by("pk")[:2]
    address = reverse("wagtailadmin_pages:revisions_compare", args=[service.pk, earlier.pk, later.pk])
    page = browser.get(address)
    assert page.status_code == 200
    assert water.name in page.content.decode()
