"""Every address × every kind of person × own and other letters × GET and POST: nobody sees what is not theirs.

The letters of the matrix hold words that stand nowhere else; whoever meets one of them where he has no right has found
a leak. An address that the table does not know fails the test: whoever adds one says here whom it serves.
"""

import re
import uuid
from copy import deepcopy

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from servicedesk import security_code
from servicedesk.models import Draft, FormVersion
from tests.factories import make_answered_letter, make_citizen, make_staff
from tests.questions import answers_to, question, section

SECRETS = {
    "subject": "موضوعِ-قناری",
    "name": "نامِ-قناری",
    "answer": "پاسخِ-قناری",
    "note": "یادداشتِ-قناری",
    "form answer": "پاسخِ-فرمِ-قناری",
}
# Of a letter that the owner has begun, and not sent.
DRAFT_KEY = uuid.UUID(int=5)
PEOPLE = ("stranger", "owner", "other citizen", "clerk", "other clerk", "moved", "deactivated", "editor", "superuser")
ADMIN = settings.ADMIN_PATH

# Addresses outside the admin, and those of the staff desk: whom they serve. "all": no letter is ever on them.
SERVES = {
    "healthz": "all",
    "readyz": "all",
    "desk/sms/<str:secret>/": "all",
    "robots.txt": "all",
    "sitemap.xml": "all",
    "theme-<slug:mark>.css": "all",
    "style/": "all",
    "media/<path:name>": "all",
    "documents/^(\\d+)/(.*)$": "all",
    "documents/authenticate_with_password/<int:restriction_id>/": "all",
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": "all",
    "_util/login/": "all",
    "^((?:[\\w\\-]+/)*)$": "all",
    "search/": "all",
    "desk/sign-in/": "all",
    "desk/sign-in/code/": "all",
    "desk/sign-in/resend/": "all",
    "desk/sign-in/fresh/": "all",
    "desk/sign-in/picture/<str:key>/": "all",
    "desk/sign-in/sound/<str:key>/": "all",
    "desk/sign-in/challenge/": "all",
    "desk/sign-out/": "all",
    "desk/track/": "all",
    "desk/": "citizens",
    "desk/account/": "citizens",
    "desk/account/sessions/": "citizens",
    "desk/account/number/": "citizens",
    "desk/account/number/codes/": "citizens",
    "desk/account/older-letters/": "citizens",
    "desk/letters/": "citizens",
    "desk/letters/new/": "citizens",
    "desk/drafts/<uuid:form_key>/": "owner",
    "desk/drafts/<uuid:form_key>/<int:number>/": "owner",
    "desk/drafts/<uuid:form_key>/check/": "owner",
    "desk/drafts/<uuid:form_key>/remove/": "owner",
    "desk/track/own/": "citizens",
    "desk/my-data/": "citizens",
    "desk/my-removal/": "citizens",
    "desk/my-removal/take-back/": "citizens",
    "desk/letters/<str:reference>/": "owner",
    "desk/letters/<str:reference>/receipt/": "owner",
    "desk/letters/<str:reference>/file/": "owner",
    "desk/letters/<str:reference>/files/<uuid:file_id>/": "owner",
    "desk/files/<str:token>/": "session",
    "admin/desk/": "staff",
    "admin/desk/export/csv/": "staff",
    "admin/desk/export/xlsx/": "staff",
    "admin/desk/exports/": "superuser",
    "admin/desk/messages/": "superuser",
    "admin/desk/gateways/": "superuser",
    "admin/desk/unit/": "all",
    "admin/desk/unit/<int:pk>/": "all",
    "admin/desk/unit/<int:pk>/members/<int:member>/": "all",
    "admin/desk/<str:reference>/": "unit",
    "admin/desk/<str:reference>/files/<uuid:file_id>/": "unit",
    "admin/desk/<str:reference>/views/": "superuser",
    "admin/desk/<str:reference>/answer/": "unit",
    "admin/desk/<str:reference>/interim-answer/": "unit",
    "admin/desk/<str:reference>/reply-file/": "unit",
    "admin/desk/<str:reference>/forward/": "unit",
    "admin/desk/<str:reference>/note/": "unit",
}
# Of addresses that stand for many, some more than the first: what a search finds, what pages hold beside themselves.
SEARCH, SERVE = "search/", "^((?:[\\w\\-]+/)*)$"
INBOX, CSV = "admin/desk/", "admin/desk/export/csv/"
MORE_OF = {
    SEARCH: ("search/?q=قناری", "search/?q=موضوع پاسخ نام&page=2", "en/search/?q=canary"),
    INBOX: ("admin/desk/?tab=all&q=قناری", "admin/desk/?tab=all&service={service}"),
    CSV: (
        "admin/desk/export/csv/?tab=all&service={service}",
        "admin/desk/export/csv/?tab=all&service={service}&q=قناری",
    ),
    SERVE: ("guide/", "guide/pdf/", "general-letter/", "news/rss/", "en/", "en/guide/pdf/", "قناری/"),
}
# Under the rest of the admin Wagtail rules: the door is guarded, and a letter is nowhere but on the home page's panel.
LETTER_PLACES = {
    "owner": ("desk/",),
    "clerk": (f"{ADMIN}desk/", ADMIN),
    "superuser": (f"{ADMIN}desk/", ADMIN),
}


def routes(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route


def test_no_address_is_unknown():
    unknown = [route for route in routes() if route not in SERVES and not route.startswith(ADMIN)]
    unknown += [route for route in routes() if route.startswith(f"{ADMIN}desk/") and route not in SERVES]
    assert unknown == []
    assert [route for route in (*SERVES, *MORE_OF) if route not in set(routes())] == []


@pytest.fixture
def scene(leila, water, roads, service, sara, omid, editor, admin_user):
    """Two answered letters to the water unit, the owner's and a stranger's, and everybody who might look."""
    moved, deactivated = make_staff("moved", water), make_staff("deactivated", water)
    words = {"subject": SECRETS["subject"], "sender_name": SECRETS["name"], "service": service}
    words |= content_with_answer(service)
    letter = make_answered_letter(leila, water, sara, text=SECRETS["answer"], **words)
    letter.note(by=sara, text=SECRETS["note"])
    begin_letter(leila, service)
    moved.memberships.update(unit=roads)
    deactivated.is_active = False
    deactivated.save()
    return {
        "letter": letter,
        "people": dict(
            zip(
                PEOPLE,
                (None, leila, make_citizen(), sara, omid, moved, deactivated, editor, admin_user),
                strict=True,
            )
        ),
    }


def begin_letter(citizen, service):
    """A letter that is not sent, under DRAFT_KEY."""
    typed = {"subject": [SECRETS["subject"]], "sender_name": [SECRETS["name"]]}
    version = FormVersion.current(service)
    Draft.keep(citizen=citizen, form_key=DRAFT_KEY, service=service, version=version, typed=typed, step=1)


def content_with_answer(service):
    """What a letter of this service has where its form asked a question."""
    asked = question("short_text", "پرسشِ ماتریس", searchable=True)
    service.form = [section(asked)]
    version = FormVersion.current(service)
    return {"version": version, "answers": answers_to(version, {asked["id"]: SECRETS["form answer"]})}


def addresses(route, letter, token, security_key):
    """What is asked for of this route: it with the letter's own values in it, and more of those that stand for many."""
    more = (address.format(service=letter.service_id) for address in MORE_OF.get(route, ()))
    return [address_of(route, letter, token, security_key), *more]


def address_of(route, letter, token, security_key):
    """The route with the letter's own values in it."""
    values = {
        "reference": letter.reference,
        "file_id": letter.body_file.pk,
        "token": token,
        "form_key": DRAFT_KEY,
        "number": 1,
        "key": security_key,
        "secret": "wrong",
        "name": "images/none.png",
        "app_label": "servicedesk",
        "model_name": "letter",
    }
    if route.startswith("documents/^"):
        return "documents/1/none.pdf"
    if route.startswith("^"):
        return ""

    def fill(match):
        converter, _, name = match.group(1).rpartition(":")
        if name in values:
            return str(values[name])
        return str(uuid.uuid4()) if converter == "uuid" else str(letter.pk) if converter == "int" else "1"

    route = re.sub(r"<([^>]+)>", fill, route)
    return re.sub(r"\(\?P<\w+>[^)]*\)|\(\[?[^)]*\)|[\^$\\]", "1", route) if re.search(r"[\^$(\\]", route) else route


def link_of(browser, letter):
    click = browser.get(f"/desk/letters/{letter.reference}/files/{letter.body_file.pk}/")
    return click["Location"].split("/")[3]


def ask(client, method, url):
    """One request whose effects are undone, in the database and in the browser; (status, body)."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        response = getattr(client, method)(f"/{url}", follow=False)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    client.cookies = cookies
    # After a form it is 303, which says the same about who may come in.
    return 302 if response.status_code == 303 else response.status_code, body


@pytest.mark.django_db
@pytest.mark.parametrize("person", PEOPLE)
def test_nobody_sees_what_is_not_theirs(person, scene, signed_in, client):
    user, letter = scene["people"][person], scene["letter"]
    owner_browser = signed_in(scene["people"]["owner"])
    token = owner_browser.get(f"/desk/letters/{letter.reference}/files/{letter.body_file.pk}/")["Location"].split("/")[
        3
    ]
    browser = (owner_browser if person == "owner" else signed_in(user)) if user else client
    file_bytes = letter.body_file.open().read()
    browser.raise_request_exception = False
    leaks, broken, open_doors = [], [], []
    key = security_code.fresh()
    for route in routes():
        # A link of the owner's, made at this moment: it lives for a minute.
        token = link_of(owner_browser, letter) if "<str:token>" in route else ""
        asked = [(method, url) for url in addresses(route, letter, token, key) for method in ("get", "post")]
        for method, url in asked:
            status, body = ask(browser, method, url)
            if leaked := leak_in(body, file_bytes, person, url):
                leaks.append((method, url, leaked))
            # Wagtail's own forms stumble over an empty POST; ours must not.
            if status >= 500 and route in SERVES:
                broken.append((method, url, status))
            if not door_is_right(person, route, status):
                open_doors.append((method, url, status))
    assert leaks == []
    assert open_doors == []
    assert broken == []


def leak_in(body, file_bytes, person, url):
    """The kinds of words of the letter, or "file", that this person may not meet at this address."""
    text = body.decode(errors="replace")
    may_see = url.startswith(LETTER_PLACES.get(person, ())) or (url == ADMIN and person in LETTER_PLACES)
    found = [kind for kind, secret in SECRETS.items() if secret in text] + ["file"] * (body == file_bytes)
    return found if not may_see or ("note" in found and person == "owner") else []


def door_is_right(person, route, status):
    """Whether a status fits what the table says of this address and person."""
    inside = status in (200, 302, 405, 409, 422)
    match SERVES.get(route, "admin"):
        case "owner":
            return inside if person == "owner" else status in ((404, 405) if person == "other citizen" else (302, 405))
        case "session":
            return status in ((200, 405) if person == "owner" else (404, 405))
        case "citizens":
            return inside if "citizen" in person or person == "owner" else status in (302, 405)
        case "unit":
            if person in ("clerk", "superuser"):
                return inside
            return status in ((404, 405) if person in ("other clerk", "moved", "editor") else (302, 403, 404))
        case "superuser":
            return inside if person == "superuser" else status in (302, 403, 404, 405)
        case "staff" | "admin":
            admin_people = ("clerk", "other clerk", "moved", "editor", "superuser")
            return person in admin_people or status != 200 or route.startswith(NO_DOOR)
    return True


# What Wagtail must show before somebody has signed in.
NO_DOOR = tuple(f"{ADMIN}{path}/" for path in ("login", "logout", "password_reset", "jsi18n", "sprite"))
