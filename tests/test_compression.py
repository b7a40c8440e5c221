"""Pages are small on the line, but for those that could tell a secret by their length (BREACH)."""

import gzip
import re

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.compression import CompressedPages
from tests import factories

pytestmark = pytest.mark.django_db
PUBLIC = ("/", "/desk/sign-in/", "/desk/track/", "/en/desk/sign-in/")
GZIP = {"Accept-Encoding": "gzip, br"}


def is_compressed(answer):
    return answer.headers.get("Content-Encoding") == "gzip"


def without_chance(html):
    """A page without what is new in each: nonces, tokens, security codes."""
    html = re.sub(r'(nonce|value|src|href)="[^"]*"', "", html)
    return re.sub(r"[0-9a-f]{40}", "", html)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_strangers_page_comes_compressed_and_is_the_same(address):
    plain, small = Client().get(address), Client().get(address, headers=GZIP)
    assert (plain.status_code, small.status_code) == (200, 200)
    assert is_compressed(small)
    assert not is_compressed(plain)
    assert len(small.content) < len(plain.content) / 2
    assert int(small["Content-Length"]) == len(small.content)
    for answer in (plain, small):
        assert "Accept-Encoding" in answer["Vary"]
    assert without_chance(gzip.decompress(small.content).decode()) == without_chance(plain.content.decode())


def test_two_answers_in_a_row_have_no_secret_in_common():
    """The one thing in a stranger's page that could be guessed by its length is masked anew each time."""
    browser = Client()
    pages = [gzip.decompress(browser.get("/desk/sign-in/", headers=GZIP).content).decode() for _ in range(2)]
    tokens = [set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)) for page in pages]
    assert all(tokens)
    assert not tokens[0] & tokens[1]
    assert not any(browser.cookies["csrftoken"].value in page for page in pages)


@pytest.mark.parametrize(
    "address", ["/desk/", "/desk/letters/", "/desk/letters/new/", "/desk/my-removal/", "/en/desk/"]
)
def test_a_citizens_page_is_where_nobody_else_chose_a_word_of_it(signed_in, leila, service, address):
    browser = signed_in(leila)
    answer = browser.get(address, headers=GZIP)
    assert answer.status_code == 200
    assert is_compressed(answer)
    assert "Accept-Encoding" in answer["Vary"]
    for query in ("q=x", "service=x&q=y", "service=%3Cx", *["service=guess"] * (address != "/desk/letters/new/")):
        assert not is_compressed(browser.get(f"{address}?{query}", headers=GZIP)), query


def test_the_form_of_a_service_is_small_and_a_guess_at_a_service_is_not(signed_in, leila, service):
    browser = signed_in(leila)
    assert is_compressed(browser.get(f"/desk/letters/new/?service={service.slug}", headers=GZIP))
    guess = browser.get("/desk/letters/new/?service=guess", headers=GZIP)
    assert guess.status_code == 404
    assert not is_compressed(guess)


@pytest.mark.parametrize(
    "address",
    ["/", "/desk/sign-in/", "/desk/letters/?q=x", "/desk/letters/?page=1", "/search/?q=x", "/?q=x", "/nowhere/"],
)
def test_a_citizens_other_pages_are_not(signed_in, leila, address):
    answer = signed_in(leila).get(address, headers=GZIP)
    assert answer.status_code in (200, 302, 404)
    assert not is_compressed(answer)


def test_what_a_citizen_typed_comes_back_uncompressed(signed_in, leila, service):
    browser = signed_in(leila)
    for address in ("/desk/letters/new/", "/desk/account/number/"):
        answer = browser.post(address, {"subject": "x" * 300, "mobile": "x" * 300}, headers=GZIP)
        assert answer.status_code == 422
        assert not is_compressed(answer)


@pytest.mark.parametrize("address", ["/", "/admin/", "/admin/desk/?q=x", "/admin/account/", "/admin/users/?q=x"])
def test_a_staff_members_page_is_not(signed_in, admin_user, address):
    answer = signed_in(admin_user).get(address, headers=GZIP)
    assert answer.status_code == 200
    assert not is_compressed(answer)


@pytest.mark.parametrize("address", ["/admin/login/?next=/admin/x/", "/admin/password_reset/"])
def test_nothing_of_the_admin_is(address):
    answer = Client().get(address, headers=GZIP)
    assert answer.status_code == 200
    assert not is_compressed(answer)


def test_on_a_public_page_a_cookie_of_any_session_is_enough_to_be_left_alone():
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = "of-a-session-that-may-be-over"
    assert not is_compressed(browser.get("/", headers=GZIP))


def test_what_was_typed_comes_back_uncompressed():
    answer = Client().post("/desk/track/", {"reference": "x" * 300, "mobile": "y" * 300}, headers=GZIP)
    assert answer.status_code in (200, 422)
    assert not is_compressed(answer)


def test_an_answer_with_which_a_session_begins_is_not():
    def begins(request):
        answer = HttpResponse("x" * 1000)
        answer.set_cookie(settings.SESSION_COOKIE_NAME, "new")
        return answer

    request = RequestFactory().get("/", headers=GZIP)
    assert not is_compressed(CompressedPages(begins)(request))
    assert is_compressed(CompressedPages(lambda request: HttpResponse("x" * 1000))(request))


def test_files_are_left_alone(signed_in, leila, water, service):
    letter = factories.make_letter(leila, water, service=service)
    browser = signed_in(leila)
    page = browser.get(f"/desk/letters/{letter.reference}/").content.decode()
    link = browser.get(re.search(r'href="(/desk/letters/[^"]*files/[^"]*)"', page)[1])
    assert not is_compressed(browser.get(link.url, headers=GZIP))
    for kind in ("image/png", "application/zip", "application/json"):
        answer = HttpResponse(b"x" * 1000, content_type=kind)
        request = RequestFactory().get("/", headers=GZIP)
        assert not is_compressed(CompressedPages(lambda request, answer=answer: answer)(request))


def test_a_script_that_sends_a_form_is_told_the_way_on_without_the_page_there(leila, signed_in):
    address = "/desk/letters/new/"
    signed_out = Client().post(address, headers={"X-Way-On": "1"})
    assert (signed_out.status_code, signed_out.content) == (200, b"")
    assert signed_out["Location"].startswith("/desk/sign-in/")
    assert Client().post(address).status_code == 303
