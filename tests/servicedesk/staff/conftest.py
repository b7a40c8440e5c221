"""The clerks' side of the stage."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from servicedesk.models import UnitMembership
from servicedesk.roles import Role
from tests import factories
from tests.gateway_double import GatewayDouble


@pytest.fixture
def double(settings):
    """The SMS gateway, in this process."""
    with GatewayDouble() as gateway:
        settings.SMS_GATEWAYS = [gateway.kavenegar_url()]
        yield gateway


@pytest.fixture
def letter(leila, water, service):
    """Leila's open letter to the water unit."""
    return factories.make_letter(leila, water, service=service)


@pytest.fixture
def mina(water):
    """The head of the water unit."""
    person = factories.make_staff("mina", first_name="مینا", last_name="سرچشمه")
    UnitMembership.objects.create(unit=water, user=person, role=Role.HEAD)
    return person


@pytest.fixture
def head(signed_in, mina):
    return signed_in(mina)


@pytest.fixture
def reza(water):
    """A colleague of Sara's who only reads."""
    person = factories.make_staff("reza", first_name="رضا", last_name="جویبار")
    UnitMembership.objects.create(unit=water, user=person, role=Role.READER)
    return person


def at(name, letter, *more):
    """The address of a staff page of a letter."""
    return reverse(f"staff:{name}", args=[letter.reference, *more])


def keyed(**fields):
    """The fields of a freshly rendered form."""
    return {"form_key": str(uuid.uuid4()), **fields}


def png_file(name="پاسخ.png"):
    return SimpleUploadedFile(name, factories.png(), "image/png")


def page_of(response):
    """The words of a page without its marks, single-spaced."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
