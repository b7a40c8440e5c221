"""The living style page: on a local run only, and its colours are read well."""

import pytest

from home.style_page import contrasts
from servicedesk.workflow import Status

pytestmark = pytest.mark.django_db


def test_shows_every_state_from_the_real_templates(client, water):
    answer = client.get("/style/")
    words = answer.content.decode()
    assert answer.status_code == 200
    for status in Status:
        assert f'class="badge {status}"' in words
    for part in ("error-summary", "banner-warning", "timeline", 'class="receipt"', "home-lead-inner", "service-cards"):
        assert part in words, part
    assert "style=" not in words
    assert client.get("/en/style/").status_code == 200


def test_is_not_there_in_production(client, settings):
    settings.LOCAL = False
    assert client.get("/style/").status_code == 404


def test_every_pair_of_colours_is_read_in_light_and_dark():
    weak = [
        (pair["text"], pair["ground"], scheme, pair[scheme]["ratio"])
        for pair in contrasts()
        for scheme in ("light", "dark")
        if not pair[scheme]["is_enough"]
    ]
    assert weak == []
