"""Every address × every kind of person × own and other letters × GET and POST: nobody sees what is not theirs.

The letters of the matrix hold words that stand nowhere else; whoever meets one of them where he has no right has found
a leak. An address that the table does not know fails the test: whoever adds one says here whom it serves.
"""

import contextlib
import io
import itertools
import json
import zipfile
from copy import deepcopy

import pytest
from django.db import transaction

from servicedesk import security_code
from servicedesk.bulk import ACTS as BULK_ACTS
from servicedesk.roles import OF_AUDITOR, OF_CONSULTED, OF_REGISTRAR, OF_ROLE, Act, Role
from tests.access_addresses import ADMIN, EXPORTS, INBOX, MORE_OF, SERVES, UNIT, addresses, routes, unit_addresses
from tests.access_scene import (
    ACTS,
    ACTS_ON_PAPER,
    HEADS,
    IN_LISTS,
    INSIDE,
    OF_CLERK,
    OF_NOBODY,
    OF_WRITERS,
    ON_PAPER,
    ONLY_SHOWN,
    OPEN,
    PAPERS,
    PAPERS_IN_LISTS,
    PEOPLE,
    SECRETS,
    STAFF,
    acts_on,
    make_scene,
    may_somewhere,
)


def test_no_address_is_unknown():
    unknown = [route for route in routes() if route not in SERVES and not route.startswith(ADMIN)]
    unknown += [route for route in routes() if route.startswith(f"{ADMIN}desk/") and route not in SERVES]
    assert unknown == []
    assert [route for route in (*SERVES, *MORE_OF) if route not in set(routes())] == []


@pytest.fixture
def scene(service):
    return make_scene(service)


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
    user = scene.people[person]
    owner_browser = signed_in(scene.people["owner"])
    browser = (owner_browser if person == "owner" else signed_in(user)) if user else client
    contents = scene.contents
    browser.raise_request_exception = False
    leaks, broken, open_doors = [], [], []
    key = security_code.fresh()
    for route, letter in itertools.product(routes(), scene.letters):
        # A link of the owner's, made at this moment: it lives for a minute.
        token = link_of(owner_browser, letter) if "<str:token>" in route and letter.citizen_id else ""
        asked = [(method, url) for url in addresses(route, letter, token, key) for method in ("get", "post")]
        for method, url in asked:
            status, body = ask(browser, method, url)
            if leaked := leak_in(body, contents, person, url):
                leaks.append((method, url, leaked))
            # Wagtail's own forms stumble over an empty POST; ours must not.
            if status >= 500 and route in SERVES:
                broken.append((method, url, status))
            if not door_is_right(person, route, status, letter, url):
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
@pytest.mark.parametrize("person", ACTS_ON_PAPER)
def test_all_words_on_paper_stand_where_they_may_be_read(person, scene, signed_in):
    browser = signed_in(scene.people[person])
    for letter, words in zip(scene.papers, ({*ON_PAPER, "mobile"}, set(OF_NOBODY)), strict=True):
        assert words_in(ask(browser, "get", f"{ADMIN}desk/{letter.reference}/")[1]) == words


@pytest.mark.django_db
def test_of_a_letter_on_paper_its_owner_reads_what_he_wrote(scene, signed_in):
    browser, (own, _of_nobody) = signed_in(scene.people["owner"]), scene.papers
    words = {"paper's subject", "paper's name", "paper's scan"}
    assert words_in(ask(browser, "get", f"desk/letters/{own.reference}/")[1]) == words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("person", "method", "address", "words"),
    [
        ("owner", "post", "desk/my-data/", {*OPEN, *ON_PAPER, "mobile"}),
        (
            "clerk",
            "get",
            f"{EXPORTS[0]}?tab=all&service={{service}}",
            {"subject", "name", "form answer", *PAPERS_IN_LISTS},
        ),
        ("clerk", "get", "admin/desk/{reference}/texts/", {"subject", "saved text"}),
        ("clerk", "get", INBOX, {"subject", "name", "saved filter", *PAPERS_IN_LISTS}),
        ("head", "get", f"{INBOX}texts/", {"saved text"}),
        (
            "clerk",
            "get",
            f"{EXPORTS[1]}?tab=all&service={{service}}",
            {"subject", "name", "form answer", *PAPERS_IN_LISTS},
        ),
    ],
)
def test_words_are_found_in_files_too(person, method, address, words, scene, signed_in):
    url = address.format(service=scene.letter.service_id, reference=scene.letter.reference)
    assert words_in(ask(signed_in(scene.people[person]), method, url)[1]) == words


@pytest.mark.django_db
@pytest.mark.parametrize("person", STAFF)
def test_with_many_letters_at_once_nobody_does_more_than_with_one(person, scene, signed_in):
    browser = signed_in(scene.people[person])
    own = frozenset() if person in ONLY_SHOWN else ACTS.get(person, frozenset())
    for verb, act in BULK_ACTS.items():
        chosen = {"verb": verb, "letters": [scene.letter.reference], "query": ""}
        answer = browser.post(f"/{INBOX}bulk/", chosen)
        assert answer.status_code in ((200,) if act in own else (302, 303)), verb
    everything = browser.post(f"/{INBOX}bulk/", {"verb": "note", "everything": "on", "query": "tab=all"})
    assert (everything.status_code == 200) == (Act.NOTE in own)


def words_in(body):
    """The kinds of words of the letter that stand in an answer, or in the parts of one that is a ZIP or a sheet."""
    parts = [body]
    if body.startswith(b"{"):
        # Not everything that begins so is JSON.
        with contextlib.suppress(ValueError):
            parts += [json.dumps(json.loads(body), ensure_ascii=False).encode()]
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts += [archive.read(name) for name in archive.namelist()]
    text = "\n".join(part.decode(errors="replace") for part in parts)
    return {kind for kind, secret in SECRETS.items() if secret in text}


def leak_in(body, contents, person, url):
    """The kinds of words and files of the letters (a Scene's ``contents``) that this person may not meet at this
    address."""
    found = words_in(body) | {kind for kind, content in contents.items() if body == content}
    return sorted(found - set(may_meet(person, url)))


def may_meet(person, url):
    """The kinds of words that a person may meet at an address."""
    if person == "owner":
        return {*OPEN, *ON_PAPER, "mobile", "file", "paper's file"} if url.startswith("desk/") else ()
    own = (OF_CLERK if person == "clerk" else {}) | (PAPERS if person in ACTS_ON_PAPER else {})
    if url.startswith(EXPORTS):
        return OPEN | own if Act.EXPORT in ACTS.get(person, ()) else ()
    if person in ACTS and url.startswith(INBOX):
        return OPEN | INSIDE | own | (OF_WRITERS if Act.ANSWER in ACTS[person] else {})
    # The home page has a panel of the letters that wait for one's units.
    return IN_LISTS if person in ACTS and person not in ONLY_SHOWN and url == ADMIN else ()


def door_is_right(person, route, status, letter, url):
    """Whether a status fits what the table says of this address, about this letter, and person."""
    inside = status in (200, 302, 405, 409, 422)
    is_owner = person == "owner" and letter.citizen_id is not None
    match SERVES.get(route, "admin"):
        case "owner":
            is_citizen = "citizen" in person or person == "owner"
            return inside if is_owner else status in ((404, 405) if is_citizen else (302, 405))
        case "session":
            return status in ((200, 405) if is_owner else (404, 405))
        case "citizens":
            return inside if "citizen" in person or person == "owner" else status in (302, 405)
        case Act() as act:
            return door_of_letter_is_right(person, act, status, acts_on(letter, person))
        case ("somewhere", act):
            may = may_somewhere(person, act)
            return status != 403 if may else status in ((403, 405) if person in STAFF else (302,))
        case "heads" | "heads, registry" as who:
            return door_of_unit_is_right(person, status, who_manages(who, route, letter, url))
        case "superuser":
            return inside if person == "superuser" else status in (302, 403, 404, 405)
        case "staff" | "admin":
            return person in STAFF or status != 200 or route.startswith(NO_DOOR)
    return True


def who_manages(who, route, letter, url):
    """The people whom an address about units serves; nobody where it names a person of another unit."""
    beside = {"superuser", "registrar"} if "registry" in who else {"superuser"}
    if not route.startswith(UNIT):
        return beside.union(*HEADS.values())
    unit = unit_addresses(route, letter)[url]
    return HEADS[unit] | beside if unit else set()


def door_of_unit_is_right(person, status, managers):
    """To whom a unit is not his to manage, its page does not exist."""
    if person not in STAFF:
        return status == 302
    # A POST that names no act is a bad request; a list takes none, from nobody.
    return status in (200, 400, 405) if person in managers else status in (404, 405)


def door_of_letter_is_right(person, act, status, acts):
    """To whom the letter is visible and the act is not allowed, that is said; to others it does not exist."""
    if person not in STAFF:
        return status == 302
    if act in acts:
        return status in (200, 302, 405, 409, 422)
    return status in (403 if acts else 404, 405)


# What Wagtail must show before somebody has signed in.
NO_DOOR = tuple(f"{ADMIN}{path}/" for path in ("login", "logout", "password_reset", "jsi18n", "sprite"))
