"""A citizen with one browser, over plain HTTP, as the site's own pages lead him."""

import random
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import requests
from bs4 import BeautifulSoup

from tests.outside.running import until
from tests.servicedesk.uploads import samples

SIGN_IN, CODE, NEW = "/desk/sign-in/", "/desk/sign-in/code/", "/desk/letters/new/"
NAMES = ("پروانه کویرزاده", "شاهین دماوندپور", "ترانه کاشفی‌نیا", "هومن بیدختی")
SUBJECTS = ("گودال کوچه نرگس", "چراغ خاموش میدان", "آب‌گرفتگی زیرگذر", "بوی فاضلاب محله")


def at_once(actions):
    """Runs the actions in threads that start together; their results, in order."""
    barrier = Barrier(len(actions))

    def run(action):
        barrier.wait()
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def form_of(page, field):
    """The fields of the form that has ``field``, with the values that the page shows in them."""
    inner = BeautifulSoup(page.text, "html.parser").find(attrs={"name": field})
    assert inner, f"no field {field} on {page.url} ({page.status_code})"
    inputs = inner.find_parent("form").find_all("input")
    kept = [one for one in inputs if one.get("type") not in ("submit", "file", "radio", "checkbox")]
    chosen = [one for one in inputs if one.get("type") == "radio" and one.has_attr("checked")]
    return {one["name"]: one.get("value", "") for one in kept + chosen}


class Citizen:
    """``mobile``: 09…; each citizen comes from an address of his own unless told another."""

    def __init__(self, run, mobile=None, address=None):
        self.run = run
        self.mobile = mobile or f"0912{random.randrange(10**7):07d}"
        run.personal |= {self.mobile, self.mobile[1:], self.e164}
        self.address = address or f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(1, 255)}"
        self.browser = self._browser()

    @property
    def e164(self):
        return "+98" + self.mobile[1:]

    def _browser(self):
        browser = requests.Session()
        browser.trust_env = False
        browser.headers["X-Forwarded-For"] = self.address
        return browser

    def get(self, path, **more):
        return self.browser.get(self.run.url + path, timeout=60, **more)

    def post(self, path, fields, files=None):
        """One POST; the answer itself, wherever it leads."""
        return self.browser.post(self.run.url + path, fields, files=files, timeout=60, allow_redirects=False)

    def later(self, path, fields, files=None):
        """The same POST as a thing to do, in a copy of the browser, so that many can be done in parallel.

        Gives (answer, browser).
        """
        copy = self._browser()
        copy.cookies.update(self.browser.cookies)
        url = self.run.url + path

        def act():
            return copy.post(url, fields, files=files, timeout=120, allow_redirects=False), copy

        return act

    def later_get(self, path):
        """A GET as a thing to do in parallel. Gives the answer."""
        cookies, headers = dict(self.browser.cookies), dict(self.browser.headers)
        return lambda: requests.get(
            self.run.url + path, cookies=cookies, headers=headers, timeout=60, allow_redirects=False
        )

    # --- Signing in --------------------------------------------------------------------------------

    def solved_form(self):
        """The sign-in form, its picture read with the operator's help."""
        fields = form_of(self.get(SIGN_IN), "security_code")
        query = "SELECT response FROM captcha_captchastore WHERE hashkey = %s"
        answer = self.run.one(query, fields["security_code_key"])
        return {**fields, "mobile": self.mobile, "security_code": answer}

    def ask_for_code(self):
        answer = self.post(SIGN_IN, self.solved_form())
        assert (answer.status_code, answer.headers.get("Location")) == (303, CODE), answer.text
        self.device = self.run.one(
            "SELECT id FROM servicedesk_smsdevice WHERE mobile = %s ORDER BY id DESC LIMIT 1", self.e164
        )

    def texts(self, kind):
        """What the telephone got, oldest first."""
        with self.run.gateway.lock:
            messages = list(self.run.gateway.messages.values())
        return [one["text"] for one in messages if one["to"] == self.e164 and one["kind"] == kind]

    def read_code(self, number=1, seconds=30):
        """The digits of the telephone's ``number``-th code."""
        until(lambda: len(self.texts("code")) >= number, seconds, "the SMS with the code")
        code = re.search(r"\b\d{6}\b", self.texts("code")[number - 1])[0]
        self.run.personal.add(code)
        return code

    def code_form(self, code):
        return {**form_of(self.get(CODE), "code"), "code": code}

    def enter(self, code):
        return self.post(CODE, self.code_form(code))

    def sign_in(self):
        self.ask_for_code()
        answer = self.enter(self.read_code())
        assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/")
        return self

    # --- Letters -----------------------------------------------------------------------------------

    def letter_form(self):
        """(fields, files) of a new letter, filled in."""
        page = self.get(NEW)
        fields = form_of(page, "form_key")
        units = BeautifulSoup(page.text, "html.parser").select("[name=unit][value], [name=unit] option[value]")
        fields |= {
            "sender_name": random.choice(NAMES),
            "subject": f"{random.choice(SUBJECTS)} {random.randrange(10**9):09d}",
            "unit": next(unit["value"] for unit in units if unit["value"]),
        }
        self.run.personal |= {fields["sender_name"], fields["subject"]}
        return fields, {"body_file": ("نامه.png", samples.png(), "image/png")}

    def send_letter(self):
        """Sends a letter and gives its tracking code."""
        fields, files = self.letter_form()
        return self.reference_in(self.send(fields, files))

    def send(self, fields, files):
        return self.post(NEW, fields, files)

    def reference_in(self, answer):
        """The tracking code of the receipt that an answer leads to."""
        assert answer.status_code in (302, 303), (answer.status_code, answer.text)
        reference = re.fullmatch(r"/desk/letters/(\d{10})/receipt/", answer.headers["Location"])[1]
        self.run.personal |= {reference, f"{reference[:5]} {reference[5:]}"}
        return reference

    def messages(self, reference):
        """The outbox rows of a letter: (id, state, attempts, last_error, flagged)."""
        return self.run.rows(
            "SELECT m.id, m.state, m.attempts, m.last_error, m.flagged_at IS NOT NULL"
            " FROM servicedesk_outgoingmessage m JOIN servicedesk_letter l ON l.id = m.letter_id"
            " WHERE l.reference = %s",
            reference,
        )

    def sms_about(self, reference):
        """How many SMS about a letter the telephone got."""
        return sum(reference in re.sub(r"\D", "", text) for text in self.texts("message"))
