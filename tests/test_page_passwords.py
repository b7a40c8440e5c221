"""Pages and folders of documents that editors closed with a password."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from home.models import GuidePage

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["page", "folder"])
def door(request):
    """The address to which a password is sent."""
    if request.param == "page":
        guide = GuidePage.objects.get(locale__language_code="fa")
        lock = PageViewRestriction.objects.create(page=guide, restriction_type="password", password="sesame")
        return reverse("wagtailcore_authenticate_with_password", args=[lock.pk, guide.pk])
    folder = Collection.get_first_root_node()
    lock = CollectionViewRestriction.objects.create(collection=folder, restriction_type="password", password="sesame")
    return reverse("wagtaildocs_authenticate_with_password", args=[lock.pk])


def knock(door, password, **more):
    return Client().post(door, {"password": password, "return_url": "/guide/", **more})


def test_it_is_not_guessed_by_the_thousand(door):
    assert [knock(door, f"guess-{number}").status_code for number in range(20)] == [200] * 20
    refused = knock(door, "sesame")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    elsewhere = Client(REMOTE_ADDR="192.0.2.7").post(door, {"password": "sesame", "return_url": "/guide/"})
    assert elsewhere.status_code == 303


def test_those_who_know_it_come_in_however_many_share_an_address(door):
    assert {knock(door, "sesame").status_code for _ in range(30)} == {303}


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_it_leads_to_no_other_site(door, place):
    answer = knock(door, "sesame", return_url=place)
    assert "evil" not in answer["Location"]
    assert "alert" not in answer["Location"]
