"""Every answer tells the browser what it may do: pages, files, redirects and errors alike."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": settings.PERMISSIONS_POLICY,
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}
PAGES = {
    "/": 200,
    "/desk/sign-in/": 200,
    "/desk/letters/": 302,
    "/en/desk/track/": 200,
    "/admin/": 302,
    "/admin/login/": 200,
    "/admin/password_reset/": 200,
    "/_util/login/": 302,
    "/healthz": 200,
    "/readyz": 200,
    "/no/such/page/": 404,
    "/media/images/none.png": 404,
    "/documents/1/none.pdf": 404,
    "/robots.txt": 200,
    "/sitemap.xml": 200,
    "/theme-0123456789ab.css": 200,
    "/guide/": 200,
    "/guide/pdf/": 202,
    "/media/original_images/none.png": 404,
    "/desk": 301,
}


@pytest.fixture
def production(settings):
    """A browser at an installation that is reached by https, as far as headers are concerned."""
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    (settings.STATIC_ROOT / "picture.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    # It stays until the run's folder goes: another worker may be asking for it just now.
    return Client(headers={"X-Forwarded-Proto": "https"}, enforce_csrf_checks=True)


def look(answer, *, framed=("DENY",)):
    wrong = {
        name: answer.headers.get(name)
        for name, value in ALWAYS.items()
        if answer.headers.get(name) != value and not (name == "X-Frame-Options" and answer[name] in framed)
    }
    assert wrong == {}, answer.request["PATH_INFO"]
    return answer.headers["Content-Security-Policy"]


def directives(policy):
    return {words[0]: words[1:] for words in (part.split() for part in policy.split(";")) if words}


@pytest.mark.parametrize(("path", "status"), PAGES.items())
def test_every_kind_of_answer_carries_all_headers(production, path, status):
    answer = production.get(path, secure=True)
    assert answer.status_code == status
    policy = look(answer)
    if not path.startswith("/admin"):
        assert "unsafe" not in policy


def test_a_search_carries_them_too_and_tells_other_pages_less_of_where_one_was(production):
    """Its address holds what somebody typed."""
    answer = production.get("/search/?q=x", secure=True)
    assert answer.headers["Referrer-Policy"] == "origin"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    answer.headers["Referrer-Policy"] = ALWAYS["Referrer-Policy"]
    assert "unsafe" not in look(answer)


def test_a_static_file_carries_them_too(production):
    answer = production.get("/static/picture.svg", secure=True)
    assert answer.status_code == 200
    assert directives(look(answer)) == {"default-src": ["'none'"], "frame-ancestors": ["'none'"]}


def test_refusals_carry_them_too(production):
    forged = production.get("/", secure=True, headers={"Host": "evil.example"})
    without_token = production.post("/desk/sign-in/", secure=True)
    not_allowed = production.delete("/desk/sign-out/", secure=True)
    assert [forged.status_code, without_token.status_code, not_allowed.status_code] == [400, 403, 403]
    for answer in (forged, without_token, not_allowed):
        assert "unsafe" not in look(answer)


def test_personal_pages_are_stored_nowhere(signed_in, leila, sara, water):
    letter = factories.make_letter(leila, water)
    for user, paths in {
        leila: ["/desk/", "/desk/letters/", f"/desk/letters/{letter.reference}/", "/desk/letters/new/"],
        sara: ["/admin/", "/admin/desk/", f"/admin/desk/{letter.reference}/"],
    }.items():
        for path in paths:
            answer = signed_in(user).get(path)
            assert answer.status_code == 200
            assert "no-store" in answer["Cache-Control"], path


def test_staff_pages_with_citizens_words_run_no_inline_script(signed_in, sara, leila, water):
    letter = factories.make_letter(leila, water)
    for path in (
        reverse("staff:inbox"),
        f"/admin/desk/{letter.reference}/",
        "/admin/second-factor/",
        "/admin/sessions/",
    ):
        policy = directives(signed_in(sara).get(path)["Content-Security-Policy"])
        assert (policy["script-src"], policy["style-src"]) == (["'self'"], ["'self'"]), path


def test_pages_about_removals_run_no_inline_script(signed_in, admin_user):
    policy = directives(signed_in(admin_user).get("/admin/removals/")["Content-Security-Policy"])
    assert policy["script-src"] == ["'self'"]


def test_wagtails_own_pages_may_run_inline_scripts_but_evaluate_no_text(signed_in, admin_user):
    answer = signed_in(admin_user).get("/admin/pages/")
    policy = directives(answer["Content-Security-Policy"])
    assert policy["script-src"] == ["'self'", "'unsafe-inline'"]
    assert policy["object-src"] == policy["base-uri"] == ["'none'"]
