"""What machines ask, and what people see while a part is away."""

from django.db import OperationalError
from django.test import RequestFactory

from servicedesk.views.errors import server_error


def test_the_process_answers_without_its_parts(client):
    assert client.get("/healthz").content == b"ok\n"


def test_all_parts_are_there(client, db):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "degraded": [], "scanner": "not configured"}


def failing_with(error):
    try:
        raise error
    except type(error):
        return server_error(RequestFactory().get("/"))


def test_a_missing_database_is_a_pause_and_not_a_fault():
    response = failing_with(OperationalError("gone"))
    assert response.status_code == 503
    assert "چند دقیقه" in response.content.decode()


def test_our_own_fault_is_a_fault():
    assert failing_with(ValueError("x")).status_code == 500
