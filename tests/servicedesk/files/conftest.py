"""A scanner that is there, one that is down, and no worker that gets in the way."""

import os

import pytest
from django.core.files.storage import storages

from config.embedded.ports import free_ports
from servicedesk.models import attachment as attachment_module
from tests.servicedesk.files.steps import objects


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    """Checks happen where the test says so; nudges are collected."""
    nudged = []
    monkeypatch.setattr(attachment_module, "nudge", lambda pk, queue, **more: nudged.append((pk, queue, more)))
    return nudged


@pytest.fixture
def scanner(settings):
    settings.CLAMD_URL = os.environ["CLAMD_OF_THE_TESTS"]


@pytest.fixture
def scanner_is_down(settings):
    settings.CLAMD_URL = f"tcp://127.0.0.1:{free_ports(1)[0]}"


@pytest.fixture
def empty_store():
    for key in objects():
        storages["letters"].remove(key)
