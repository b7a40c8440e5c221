"""A citizen who comes through nginx, by https, from an address of his own."""

import time
from collections import Counter

import requests
from requests.adapters import HTTPAdapter

from tests.outside.citizen import Citizen

# What somebody at a screen waits before pressing the button again.
AGAIN = 1.0


class FromAddress(HTTPAdapter):
    """Connects from one loopback address: all of 127/8 is this machine's (Linux)."""

    def __init__(self, address, connections=2):
        self.address = address
        super().__init__(pool_maxsize=connections)

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, source_address=(self.address, 0), **kwargs)


def browser_from(production, address):
    """A browser on ``address``: nginx throws away what a client claims about itself, so it must really be there."""
    browser = requests.Session()
    browser.trust_env = False
    browser.verify = str(production.certificate)
    browser.mount("https://", FromAddress(address))
    # Django wants to know over https that a form comes from its own pages.
    browser.headers["Referer"] = production.url + "/"
    return browser


class Visitor(Citizen):
    def __init__(self, production, mobile=None, address=None):
        self.troubles = Counter()
        super().__init__(production, mobile, address or production.fresh_address())

    def _browser(self):
        return browser_from(self.run, self.address)

    def texts(self, kind):
        return self.run.gateway.texts(self.e164, kind)

    def persist(self, action):
        """The answer of ``action()``, tried again after each error, as a stubborn person would: (answer, tries).

        An error is a connection that broke, or any answer but 200 and 303; they are counted in ``troubles``.
        """
        tries = 0
        while True:
            tries += 1
            try:
                answer = action()
                if answer.status_code in (200, 303):
                    return answer, tries
                self.troubles[str(answer.status_code)] += 1
            except requests.RequestException as error:
                self.troubles[type(error).__name__] += 1
            self.run.pause(AGAIN)

    def letter_form(self):
        while True:
            try:
                return super().letter_form()
            except (AssertionError, requests.RequestException) as error:  # A page that is no form, or none at all.
                self.troubles[f"form: {type(error).__name__}"] += 1
                self.run.pause(AGAIN)

    def send_until_taken(self):
        """Sends one letter, however often it takes: {"subject", "reference", "tries", "at"}."""
        fields, files = self.letter_form()
        answer, tries = self.persist(lambda: self.send(fields, files))
        reference = self.reference_in(answer)
        return {"subject": fields["subject"], "reference": reference, "tries": tries, "at": time.monotonic()}
