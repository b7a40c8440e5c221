"""The unit that a letter goes to, decided by its answers."""

import pytest

from servicedesk.models import Draft, Letter, Unit
from tests.questions import make_form_service, name, question, route, section, step

pytestmark = pytest.mark.django_db
KIND = question("choice", "موضوع", choices={"pipe": "لوله", "street": "خیابان", "other": "چیز دیگر"})
URGENT = question("yes_no", "فوری است؟", rules=[(KIND, "is", "pipe")], required=False)


@pytest.fixture
def archive():
    return Unit.objects.create(name="دبیرخانه")


@pytest.fixture
def routed(water, roads, archive):
    """Urgent pipes go to the water, streets to the roads, the rest to the registry."""
    routing = [route(water, (URGENT, "is", "yes")), route(roads, (KIND, "is", "street")), route(archive)]
    return make_form_service(section(KIND, URGENT), routing=routing)


@pytest.mark.parametrize(
    ("kind", "urgent", "unit"),
    [
        ("pipe", "yes", "water"),
        ("pipe", "no", "archive"),
        ("street", "", "roads"),
        # What is not asked decides nothing, whatever was typed into it.
        ("street", "yes", "roads"),
        ("other", "yes", "archive"),
    ],
)
def test_the_first_route_that_fits_decides(citizen, routed, kind, urgent, unit, request):
    response = citizen.send(unit="", **{name(KIND): kind, name(URGENT): urgent})
    assert response.status_code == 303, response.context["form"].errors
    unit = request.getfixturevalue(unit)
    assert Letter.objects.get().unit == unit
    assert unit.name in citizen.client.get(response["Location"]).content.decode()


def test_the_citizen_does_not_choose_and_is_told_why(citizen, routed, water, archive):
    page = citizen.open().content.decode()
    assert 'name="unit"' not in page
    assert "از روی پاسخ‌های شما مشخص می‌شود" in page
    # Nor can he by a hand-made form.
    citizen.send(unit=water.pk, **{name(KIND): "other"})
    assert Letter.objects.get().unit == archive


def test_the_look_before_sending_names_the_unit(citizen, water, roads):
    routing = [route(roads, (KIND, "is", "street")), route(water)]
    more = question("short_text", "توضیح", required=False)
    make_form_service(section(KIND), step("دوم"), section(more), routing=routing, file_asked="none")
    citizen.send(**{name(KIND): "street"})
    key = Draft.objects.get().form_key
    citizen.post(f"/desk/drafts/{key}/2/", **{name(more): "چیزی"})
    page = citizen.client.get(f"/desk/drafts/{key}/check/").content.decode()
    assert roads.name in page
    assert water.name not in page
    citizen.post(f"/desk/drafts/{key}/check/")
    assert Letter.objects.get().unit == roads


def test_a_form_that_lost_a_unit_asks_for_it_again(citizen, routed, roads, archive):
    """Nobody is left before a form that cannot be sent."""
    Unit.objects.filter(pk=roads.pk).update(is_active=False)
    assert 'name="unit"' in citizen.open().content.decode()
    assert citizen.send(unit=archive.pk, **{name(KIND): "street"}).status_code == 303
    assert Letter.objects.get().unit == archive


def test_a_letter_goes_the_way_of_the_form_that_was_shown(citizen, routed, water, roads):
    shown = citizen.open().context["form"].form_version
    routed.routing = [route(water)]
    routed.save()
    typed = {**citizen.usual(), "version": shown.key, name(KIND): "street"}
    assert citizen.client.post("/desk/letters/new/?service=permit", typed).status_code == 303
    assert Letter.objects.get().unit == roads


def test_the_page_of_the_service_names_the_units_that_may_get_it(client, routed, water, roads, archive):
    Unit.objects.create(name="کتابخانه")
    page = client.get(routed.url).content.decode()
    assert all(unit.name in page for unit in (water, roads, archive))
    assert "کتابخانه" not in page


def test_the_only_unit_is_chosen_already(citizen, water):
    make_form_service(section(KIND))
    assert f'value="{water.pk}" required id="id_unit_0" checked' in citizen.open().content.decode()


def test_of_several_units_none_is_chosen_for_the_citizen(citizen, water, roads):
    make_form_service(section(KIND))
    assert "checked" not in citizen.open().content.decode()
    assert "unit" in citizen.send(unit="", **{name(KIND): "pipe"}).context["form"].errors
