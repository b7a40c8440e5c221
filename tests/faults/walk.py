"""Every address × every kind of person × GET and POST, over https against the running system.

Runs inside ``manage.py shell`` (it needs the addresses and makes the people); what is expected is what
tests/test_access.py says, which tries the same in one process.
"""

import itertools
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from django.conf import settings
from django.db import connection
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from servicedesk import security_code
from servicedesk.models import Attachment, ServicePage
from tests.access_addresses import SERVES, addresses, routes
from tests.access_scene import (
    ACTS,
    ACTS_ON_PAPER,
    INSIDE,
    OF_NOBODY,
    OPEN,
    PEOPLE,
    SECRETS,
    STAFF,
    begin_letter,
    make_scene,
)
from tests.faults.visitor import browser_from
from tests.outside.running import until
from tests.test_access import door_is_right, leak_in, link_of, words_in

# So that no number in an address is that of a page, a site or a person which a POST could remove.
HIGH = 9_000_000
AT_ONCE = 3
RELEASED_WITHIN = 240  # seconds


def scene_on_the_run():
    """The Scene among what the run has, once all of its files are released."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('servicedesk_letter', 'id'), %s)", [HIGH])
    scene = make_scene(ServicePage.objects.filter(locale__language_code="fa").first())
    # A file goes out only after the scanner's look, and on a fresh run the same workers first make the town's pictures.
    files = Attachment.objects.filter(letter__in=scene.letters)
    until(lambda: files.released().count() == files.count(), RELEASED_WITHIN, "the files' release")
    return scene


class Person:
    """Somebody with a browser at an address of his own."""

    def __init__(self, site, user, number):
        self.site, self.user, self.from_address = site, user, f"127.200.{number}.9"
        self.come_in()

    def come_in(self):
        """A fresh browser, signed in unless this is a stranger; staff with their second factor."""
        self.browser = browser_from(self.site, self.from_address)
        if self.user is not None:
            self.browser.cookies.set(settings.SESSION_COOKIE_NAME, self._session(), domain="127.0.0.1", secure=True)
        page = self.browser.get(f"{self.site.url}/desk/track/")
        assert page.status_code == 200, page.status_code
        self.token = self.browser.cookies[settings.CSRF_COOKIE_NAME]
        self.session = self.browser.cookies.get(settings.SESSION_COOKIE_NAME)

    def _session(self):
        client, kind = Client(), "servicedesk.backends.CitizenBackend"
        if not self.user.is_citizen:
            kind = "django.contrib.auth.backends.ModelBackend"
        client.force_login(self.user, backend=kind)
        session = client.session
        if not self.user.is_citizen:
            device, _ = TOTPDevice.objects.get_or_create(user=self.user, defaults={"name": "authenticator"})
            session[DEVICE_ID_SESSION_KEY] = device.persistent_id
            session.save()
        return session.session_key

    def get(self, path):
        return self.browser.get(self.site.url + path, allow_redirects=False, timeout=60)

    def ask(self, method, url):
        """(status, body) of one request; whoever was signed out by it signs in again."""
        data = {"csrfmiddlewaretoken": self.token} if method == "post" else None
        answer = self.browser.request(method, f"{self.site.url}/{url}", data=data, allow_redirects=False, timeout=60)
        if self.browser.cookies.get(settings.SESSION_COOKIE_NAME) != self.session:
            self.come_in()
        return 302 if answer.status_code == 303 else answer.status_code, answer.content


def walk(person, name, owner, scene):
    """One person at every address: (answers by status, leaks, open doors, errors)."""
    seen, leaks, doors, errors = Counter(), [], [], []
    contents = scene.contents
    key = security_code.fresh()
    # Ours first: at the end of the admin's list a superuser may have removed something.
    ordered = sorted(routes(), key=lambda route: route not in SERVES)
    for route, letter in itertools.product(ordered, scene.letters):
        # A link of the owner's, made at this moment: it lives for a minute.
        token = link_of(_Clicks(owner), letter) if "<str:token>" in route and letter.citizen_id else ""
        found = addresses(route, letter, token, key)
        # What a superuser posts to a page or a unit that is there would be done.
        methods = ("get",) if name == "superuser" else ("get", "post")
        asked = [(method, url) for url in found[:1] for method in ("get", "post")]
        asked += [(method, url) for url in found[1:] for method in methods]
        for method, url in asked:
            if "/drafts/" in route and name == "owner":
                # Each time: the address before may have removed it.
                begin_letter(letter.citizen, letter.service)
            status, body = person.ask(method, url)
            seen[status] += 1
            if leaked := leak_in(body, contents, name, url):
                leaks.append(f"{name} {method} {url}: {leaked}")
            if status >= 500 and route in SERVES:
                errors.append(f"{name} {method} {url}: {status}")
            if not door_is_right(name, route, status, letter, url):
                doors.append(f"{name} {method} {url}: {status}")
    return seen, leaks, doors, errors


def require_that_all_are_in(people, scene):
    """A walk of people who are not signed in would find no leak either."""
    letter, (_own, of_nobody) = scene.letter, scene.papers
    own, inbox = f"/desk/letters/{letter.reference}/", f"/{settings.ADMIN_PATH}desk/"
    assert words_in(people["owner"].get(own).content) == set(OPEN)
    assert people["other citizen"].get("/desk/letters/").status_code == 200
    for name in ACTS:
        assert words_in(people[name].get(f"{inbox}{letter.reference}/").content) == set(OPEN | INSIDE), name
    for name in ACTS_ON_PAPER:
        assert words_in(people[name].get(f"{inbox}{of_nobody.reference}/").content) == set(OF_NOBODY), name
    table = f"{inbox}export/csv/?tab=all&service={letter.service_id}"
    assert SECRETS["form answer"] in people["clerk"].get(table).text
    assert {people[name].get(inbox).status_code for name in STAFF} == {200}


class _Clicks:
    """The owner's browser as `link_of` wants it: answers are read like those of Django's test client."""

    def __init__(self, owner):
        self.owner = owner

    def get(self, path):
        return self.owner.get(path).headers


def walk_all():
    """{"addresses", "people", "asked", "leaks", "doors", "errors"}; address and certificate come from outside."""
    site = SimpleNamespace(url=settings.PUBLIC_URL, certificate=os.environ["CERTIFICATE"])
    scene = scene_on_the_run()
    owner = Person(site, scene.people["owner"], 99)
    people = {name: Person(site, user, number) for number, (name, user) in enumerate(scene.people.items())}
    # The owner's links are bound to the session that walks.
    people["owner"] = owner
    require_that_all_are_in(people, scene)

    def one(name):
        return walk(people[name], name, owner, scene)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        parts = list(pool.map(one, [name for name in PEOPLE if name != "superuser"]))
    parts.append(one("superuser"))
    leaks, doors, errors = ([line for part in parts for line in part[place]] for place in (1, 2, 3))
    asked = sum(sum(part[0].values()) for part in parts)
    return {
        "people": len(people),
        "asked": asked,
        "addresses": len(list(routes())),
        "leaks": leaks,
        "doors": doors,
        "errors": errors,
    }
