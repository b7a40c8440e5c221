"""Every address × every kind of person × own and other letters × GET and POST: nobody sees what is not theirs.

The letters of the matrix hold words that stand nowhere else; whoever meets one of them where he has no right has found
a leak. An address that the table does not know fails the test: whoever adds one says here whom it serves.
"""

import io
import re
import uuid
import zipfile
from copy import deepcopy

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from servicedesk import security_code
from servicedesk.roles import OF_AUDITOR, OF_CONSULTED, OF_REGISTRAR, OF_ROLE, Act, Role
from servicedesk.staff.inbox.tabs import SHOWN_TAB, TABS
from servicedesk.staff.verbs.register import VERBS
from tests.access_scene import (
    ACTS,
    DRAFT_KEY,
    EXPORTERS,
    IN_LISTS,
    INSIDE,
    ONLY_SHOWN,
    OPEN,
    PEOPLE,
    SECRETS,
    STAFF,
    make_scene,
)

ADMIN = settings.ADMIN_PATH

# Addresses outside the admin, and those of the staff desk: whom they serve. "all": no letter is ever on them. An Act:
# whoever may do that with the letter.
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
    "desk/letters/<str:reference>/reply/": "owner",
    "desk/letters/<str:reference>/files/<uuid:file_id>/": "owner",
    "desk/files/<str:token>/": "session",
    "admin/desk/": "staff",
    "admin/desk/export/csv/": "exporters",
    "admin/desk/export/xlsx/": "exporters",
    "admin/desk/exports/": "superuser",
    "admin/desk/messages/": "superuser",
    "admin/desk/gateways/": "superuser",
    "admin/desk/unit/": "staff",
    "admin/desk/unit/<int:pk>/": "staff",
    "admin/desk/unit/<int:pk>/members/<int:member>/": "staff",
    "admin/desk/new/": "staff",
    "admin/desk/filters/": "staff",
    "admin/desk/filters/<int:pk>/remove/": "staff",
    "admin/desk/texts/": "staff",
    "admin/desk/texts/new/": "staff",
    "admin/desk/texts/<int:pk>/": "staff",
    "admin/desk/texts/<int:pk>/remove/": "staff",
    "admin/desk/bulk/": "staff",
    "admin/desk/bulk/<int:pk>/": "staff",
    "admin/desk/bulk/<int:pk>/progress/": "staff",
    "admin/desk/<str:reference>/": Act.READ,
    "admin/desk/<str:reference>/slip/": Act.READ,
    "admin/desk/<str:reference>/next/": Act.READ,
    "admin/desk/<str:reference>/previous/": Act.READ,
    "admin/desk/<str:reference>/here/": Act.READ,
    "admin/desk/<str:reference>/draft/": Act.ANSWER,
    "admin/desk/<str:reference>/texts/": Act.ANSWER,
    "admin/desk/<str:reference>/preview/": Act.ANSWER,
    "admin/desk/<str:reference>/files/<uuid:file_id>/": Act.READ,
    "admin/desk/<str:reference>/files/<uuid:file_id>/pages/<int:number>/": Act.READ,
    "admin/desk/<str:reference>/views/": "superuser",
} | {f"admin/desk/<str:reference>/{verb.name}/": verb.act for verb in VERBS}
# Of addresses that stand for many, some more than the first: what a search finds, what pages hold beside themselves.
SEARCH, SERVE = "search/", "^((?:[\\w\\-]+/)*)$"
INBOX, EXPORTS = "admin/desk/", ("admin/desk/export/csv/", "admin/desk/export/xlsx/")
BULK = f"{ADMIN}bulk/<str:app_label>/<str:model_name>/<str:action>/"
MORE_OF = {
    SEARCH: ("search/?q=قناری", "search/?q=موضوع پاسخ نام&page=2", "en/search/?q=canary"),
    INBOX: (
        *(f"admin/desk/?tab={tab}" for tab in (*TABS, SHOWN_TAB.name)),
        "admin/desk/?tab=all&q=قناری",
        "admin/desk/?tab=all&service={service}",
    ),
    SERVE: ("guide/", "guide/pdf/", "general-letter/", "news/rss/", "en/", "en/guide/pdf/", "قناری/"),
    **{
        table: (f"{table}?tab=all&service={{service}}", f"{table}?tab=shown&service={{service}}&q=قناری")
        for table in EXPORTS
    },
    BULK: (
        f"{ADMIN}bulk/servicedesk/letter/delete/?id={{letter}}",
        f"{ADMIN}bulk/servicedesk/user/set_active_state/?id={{citizen}}",
        f"{ADMIN}bulk/servicedesk/user/delete/?id=all&q={{mobile}}",
        f"{ADMIN}bulk/wagtailcore/page/delete/?id={{service}}&next=/admin/",
    ),
    f"{ADMIN}users/": (f"{ADMIN}users/?q={{mobile}}",),
    f"{ADMIN}pages/<int:parent_page_id>/": (f"{ADMIN}pages/{{service}}/?q=قناری",),
}
# What lists and looks for things in the admin is asked for the canary as well.
LOOKS_FOR = re.compile(r"(search|results|reports|choose|chooser|choose-page|history)/")


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
def scene(service):
    return make_scene(service)


def addresses(route, letter, token, security_key):
    """What is asked for of this route: it with the letter's own values in it, and more of those that stand for many."""
    found = [address_of(route, letter, token, security_key)]
    if route.startswith(ADMIN) and not route.startswith(INBOX):
        found += [address_beside(route, letter)] if "<" in route else []
        found += [f"{found[-1]}?q=قناری"] if LOOKS_FOR.search(route) else []
    values = {"service": letter.service_id, "letter": letter.pk, "citizen": letter.citizen_id}
    more = [address.format(mobile=letter.citizen.mobile[1:], **values) for address in MORE_OF.get(route, ())]
    if "<uuid:file_id>" in route:
        more = [route_with(route, letter, file_id=file.pk) for file in letter.attachments.all()]
    return list(dict.fromkeys(found + more))


def address_of(route, letter, token, security_key):
    """The route with the letter's own values in it."""
    if route.startswith("documents/^"):
        return "documents/1/none.pdf"
    if route.startswith("^"):
        return ""
    return route_with(route, letter, file_id=letter.body_file.pk, token=token, key=security_key)


def address_beside(route, letter):
    """A route of Wagtail's with what stands beside the letter: its service's page, its unit, its citizen."""
    service, unit, citizen = letter.service_id, letter.unit_id, letter.citizen_id
    of_pages = ("page_id", "parent_page_id", "page_pk", "page_to_move_id", "destination_id", "parent_id")
    keys = {f"{ADMIN}users/": citizen, f"{ADMIN}units/": unit, f"{ADMIN}collections/": 1, f"{ADMIN}sites/": 1}
    values = {
        **dict.fromkeys(of_pages, service),
        "user_id": citizen,
        "pk": next((key for place, key in keys.items() if route.startswith(place)), letter.pk),
        "app_name": "servicedesk",
        "content_type_app_name": "servicedesk",
        "content_type_model_name": "servicepage",
        "object_id": letter.pk,
        "slug": "letters",
    }
    return route_with(route, letter, **values)


def route_with(route, letter, **values):
    """The route with these values in it, and of what they lack something that fits."""
    values = {
        "reference": letter.reference,
        "form_key": DRAFT_KEY,
        "number": 1,
        "secret": "wrong",
        "name": "images/none.png",
        "app_label": "servicedesk",
        "model_name": "letter",
        **values,
    }

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


def test_whoever_only_reads_changes_nothing_and_the_citizen_hears_from_the_unit_alone():
    """The tables that the matrix is made from: a mistake in them would be one in it."""
    assert {Act.READ} == OF_ROLE[Role.READER] == OF_AUDITOR
    assert {Act.READ, Act.NOTE} == OF_CONSULTED
    assert not {Act.ANSWER, Act.APPROVE, Act.EXPORT, Act.LEAD} & OF_REGISTRAR
    assert not {Act.APPROVE, Act.LEAD} & OF_ROLE[Role.CLERK]
    assert OF_ROLE[Role.READER] < OF_ROLE[Role.CLERK] < OF_ROLE[Role.APPROVER] < OF_ROLE[Role.HEAD]


@pytest.mark.django_db
@pytest.mark.parametrize("person", PEOPLE)
def test_nobody_sees_what_is_not_theirs(person, scene, signed_in, client):
    user, letter = scene.people[person], scene.letter
    owner_browser = signed_in(scene.people["owner"])
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


@pytest.mark.django_db
@pytest.mark.parametrize("person", ["owner", *ACTS])
def test_all_words_of_the_letter_stand_where_they_may_be_read(person, scene, signed_in):
    """Or else the matrix would look for words that are nowhere, and the citizen's page has no more than these."""
    browser, reference = signed_in(scene.people[person]), scene.letter.reference
    place, words = ("desk/letters", OPEN) if person == "owner" else (f"{ADMIN}desk", OPEN | INSIDE)
    assert words_in(ask(browser, "get", f"{place}/{reference}/")[1]) == set(words)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("person", "method", "address", "words"),
    [
        ("owner", "post", "desk/my-data/", {*OPEN, "mobile"}),
        ("clerk", "get", f"{EXPORTS[0]}?tab=all&service={{service}}", {"subject", "name", "form answer"}),
        ("clerk", "get", f"{EXPORTS[1]}?tab=all&service={{service}}", {"subject", "name", "form answer"}),
    ],
)
def test_words_are_found_in_files_too(person, method, address, words, scene, signed_in):
    url = address.format(service=scene.letter.service_id)
    assert words_in(ask(signed_in(scene.people[person]), method, url)[1]) == words


def words_in(body):
    """The kinds of words of the letter that stand in an answer, or in the parts of one that is a ZIP or a sheet."""
    parts = [body]
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts += [archive.read(name) for name in archive.namelist()]
    text = "\n".join(part.decode(errors="replace") for part in parts)
    return {kind for kind, secret in SECRETS.items() if secret in text}


def leak_in(body, file_bytes, person, url):
    """The kinds of words of the letter, or "file", that this person may not meet at this address."""
    found = words_in(body) | ({"file"} if body == file_bytes else set())
    return sorted(found - set(may_meet(person, url)))


def may_meet(person, url):
    """The kinds of words that a person may meet at an address."""
    if person == "owner":
        return {*OPEN, "mobile", "file"} if url.startswith("desk/") else ()
    if url.startswith(EXPORTS):
        return OPEN if Act.EXPORT in ACTS.get(person, ()) else ()
    if person in ACTS and url.startswith(INBOX):
        return OPEN | INSIDE
    # The home page has a panel of the letters that wait for one's units.
    return IN_LISTS if person in ACTS and person not in ONLY_SHOWN and url == ADMIN else ()


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
        case Act() as act:
            return door_of_letter_is_right(person, act, status)
        case "exporters":
            return status != 403 if person in EXPORTERS else status in ((403, 405) if person in STAFF else (302,))
        case "superuser":
            return inside if person == "superuser" else status in (302, 403, 404, 405)
        case "staff" | "admin":
            return person in STAFF or status != 200 or route.startswith(NO_DOOR)
    return True


def door_of_letter_is_right(person, act, status):
    """To whom the letter is visible and the act is not allowed, that is said; to others it does not exist."""
    if person not in STAFF:
        return status == 302
    acts = ACTS.get(person, ())
    if act in acts:
        return status in (200, 302, 405, 409, 422)
    return status in ((403 if acts else 404), 405)


# What Wagtail must show before somebody has signed in.
NO_DOOR = tuple(f"{ADMIN}{path}/" for path in ("login", "logout", "password_reset", "jsi18n", "sprite"))
