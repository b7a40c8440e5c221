"""The body file of a service that has rules of its own."""

import pytest

from servicedesk.models import Letter
from tests.factories import upload
from tests.questions import make_form_service

pytestmark = pytest.mark.django_db


def refusal(response):
    return str(response.context["form"].errors["body_file"])


def test_its_kinds_hold_in_form_check_and_page(citizen, client):
    service = make_form_service(file_kinds=["png"])
    assert '<bdi dir="ltr" class="several">.png</bdi>' in citizen.open().content.decode()
    assert '<bdi dir="ltr" class="several">.png</bdi>' in client.get(service.url).content.decode()
    assert "انتخاب کنید: PNG." in refusal(citizen.send(body_file=upload("نامه.pdf", b"%PDF-1.4\n%%EOF")))
    assert citizen.send(body_file=upload("نامه.png")).status_code == 303


def test_its_size_holds_and_is_said(citizen):
    make_form_service(file_kilobytes=10)
    assert "۱۰ کیلوبایت" in citizen.open().content.decode()
    assert "۱۰ کیلوبایت" in refusal(citizen.send(body_file=upload("نامه.pdf", b"%PDF-1.4" + bytes(11_000))))
    assert not Letter.objects.exists()


def test_without_its_own_those_of_the_desk_hold(citizen):
    make_form_service()
    assert "۱ مگابایت" in citizen.open().content.decode()
