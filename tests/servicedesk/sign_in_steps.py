"""The steps of a sign-in, for Django's test client and for a browser over HTTP."""

import re

import requests
from captcha.models import CaptchaStore

from servicedesk.models import SmsCode

SIGN_IN, CODE, RESEND = "/desk/sign-in/", "/desk/sign-in/code/", "/desk/sign-in/resend/"
TYPED, MOBILE = "0912 123 4567", "+989121234567"


def key_on(page):
    """The key of the picture that a sign-in page shows."""
    return re.search(r'name="security_code_key" value="([0-9a-f]{40})"', page)[1]


def answer_of(key):
    return CaptchaStore.objects.get(hashkey=key).response


def solved(client, address=SIGN_IN, **fields):
    """The fields of a sign-in form whose picture was read rightly."""
    key = key_on(client.get(address).content.decode())
    return {"mobile": TYPED, "security_code": answer_of(key), "security_code_key": key, **fields}


def ask_for_code(client, **fields):
    """Step one; returns the code that the SMS will carry."""
    response = client.post(SIGN_IN, solved(client, **fields))
    assert response.status_code == 303, response.content.decode()
    return newest_code()


def newest_code():
    return SmsCode.objects.latest("pk").digits


def wrong(code):
    """Another code than this one."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


class Browser:
    """Cookies and forms over real HTTP, each request on a connection of its own: a browser that waits must not hold
    one of the server's few places. ``send`` may be called from many threads."""

    def __init__(self, root):
        self.root = root
        self.cookies = requests.cookies.RequestsCookieJar()

    def _request(self, method, path, cookies, fields=None):
        with requests.Session() as once:
            once.cookies = cookies
            once.headers["Connection"] = "close"
            return once.request(method, self.root + path, data=fields, allow_redirects=False, timeout=60)

    def fields(self, path, **more):
        """The token of the form on a page and what else is to be sent, and the page."""
        page = self._request("GET", path, self.cookies).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        return {"csrfmiddlewaretoken": token, **more}, page

    def send(self, path, fields):
        """Posts with the cookies of now and keeps none of the answer's."""
        return self._request("POST", path, self.cookies.copy(), fields)

    def ask_for_code(self, mobile=TYPED):
        fields, page = self.fields(SIGN_IN, mobile=mobile)
        key = key_on(page)
        fields |= {"security_code": answer_of(key), "security_code_key": key}
        answer = self._request("POST", SIGN_IN, self.cookies, fields)
        assert answer.status_code == 303, answer.text
        return newest_code()
