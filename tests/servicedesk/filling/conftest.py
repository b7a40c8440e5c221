"""A citizen's browser and ways through the forms of services."""

import uuid

import pytest

from tests.factories import upload

NEW = "/desk/letters/new/?service=permit"


class Citizen:
    """leila in front of the form of the service «permit»."""

    def __init__(self, client, unit):
        self.client, self.unit, self.key = client, unit, str(uuid.uuid4())

    def usual(self, **changes):
        return {
            "form_key": self.key,
            "sender_name": "لیلا نمونه",
            "subject": "پروانه برای مغازه",
            "unit": self.unit.pk,
            "body_file": upload(),
            **changes,
        }

    def open(self):
        return self.client.get(NEW)

    def send(self, **typed):
        """Posts the first step with the usual fields."""
        return self.client.post(NEW, self.with_version(self.open(), {**self.usual(), **typed}))

    def post(self, address, **typed):
        return self.client.post(address, self.with_version(self.client.get(address), {"form_key": self.key, **typed}))

    @staticmethod
    def with_version(page, typed):
        """With the version of the form that the page shows."""
        form = page.context["form"] if page.context else None
        return {"version": form.form_version.key, **typed} if form else typed


@pytest.fixture
def citizen(leila, water, signed_in):
    return Citizen(signed_in(leila), water)
