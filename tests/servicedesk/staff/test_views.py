"""Each look of the staff at a letter is written down, and superusers can read who it was."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from servicedesk.models import StaffView
from tests import factories

from .conftest import at, keyed, page_of

pytestmark = pytest.mark.django_db


def looks(letter):
    return [(view.user.username, view.what) for view in letter.staff_views.order_by("pk")]


def test_a_look_is_written_once_in_ten_minutes(signed_in, sara, letter):
    browser = signed_in(sara)
    for _time in range(3):
        browser.get(at("letter", letter))
    assert looks(letter) == [("sara", "letter")]
    StaffView.objects.update(at=timezone.now() - timedelta(minutes=20))
    browser.get(at("letter", letter))
    assert looks(letter) == [("sara", "letter")] * 2


def test_each_person_and_each_letter_counts_apart(signed_in, sara, admin_user, leila, water, service, letter):
    other = factories.make_letter(leila, water, service=service)
    for person in (sara, admin_user):
        for one in (letter, other):
            signed_in(person).get(at("letter", one))
    assert looks(letter) == looks(other) == [("sara", "letter"), ("admin", "letter")]


def test_a_form_that_failed_shows_the_letter_too(signed_in, sara, letter):
    assert signed_in(sara).post(at("note", letter), keyed(text="")).status_code == 422
    assert looks(letter) == [("sara", "letter")]


def test_every_file_that_is_fetched_is_written_down(signed_in, sara, letter):
    for _time in range(2):
        signed_in(sara).get(at("file", letter, letter.body_file.pk))
    assert looks(letter) == [("sara", "file")] * 2


def test_who_may_not_see_it_leaves_no_look(signed_in, omid, leila, letter):
    signed_in(omid).get(at("letter", letter))
    signed_in(omid).get(at("file", letter, letter.body_file.pk))
    signed_in(leila).get(f"/desk/letters/{letter.reference}/")
    assert looks(letter) == []


def test_superusers_read_it_on_the_page_and_nobody_else(signed_in, sara, admin_user, leila, letter):
    sara.first_name, sara.last_name = "سارا", "=کارشناس"
    sara.save()
    signed_in(sara).get(at("letter", letter))
    assert "چه کسی دیده است" in page_of(signed_in(admin_user).get(at("letter", letter)))
    assert "چه کسی دیده است" not in page_of(signed_in(sara).get(at("letter", letter)))
    assert "سارا" not in page_of(signed_in(leila).get(f"/desk/letters/{letter.reference}/"))


def test_the_table_for_superusers(signed_in, sara, admin_user, letter):
    sara.first_name = "=HYPERLINK(1)"
    sara.save()
    signed_in(sara).get(at("file", letter, letter.body_file.pk))
    response = signed_in(admin_user).get(at("views", letter))
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][1] == "sara"
    assert rows[1][2] == "'=HYPERLINK(1)"
    assert signed_in(sara).get(at("views", letter)).status_code == 404


def test_the_inbox_writes_no_look_down(signed_in, sara, letter):
    browser = signed_in(sara)
    browser.get(at("letter", letter))
    with CaptureQueriesContext(connection) as caught:
        assert browser.get("/admin/desk/").status_code == 200
    assert "INTO servicedesk_staffview" not in "".join(query["sql"] for query in caught)
