"""Signing in as a citizen walks it: number and security code, SMS, code, desk."""

import re

import pytest
from captcha.models import CaptchaStore
from django.test import Client

from servicedesk.models import SmsCode, SmsDevice, User

pytestmark = pytest.mark.django_db

SIGN_IN, CODE = "/desk/sign-in/", "/desk/sign-in/code/"
MOBILE = "+989121234567"


def shown_key(response):
    """The key of the picture on a sign-in page."""
    return re.search(r'name="security_code_key" value="([0-9a-f]{40})"', response.content.decode())[1]


def solved(browser, **fields):
    """The fields of a sign-in form whose picture was read rightly."""
    key = shown_key(browser.get(SIGN_IN))
    answer = CaptchaStore.objects.get(hashkey=key).response
    return {"mobile": "0912 123 4567", "security_code": answer, "security_code_key": key, "next": "", **fields}


def test_a_citizen_signs_in_with_number_picture_and_code(client):
    asked = client.post(SIGN_IN, solved(client))
    assert (asked.status_code, asked["Location"]) == (303, CODE)
    page = client.get(CODE).content.decode()
    assert "۰۹۱۲ ۱۲۳ ۴۵۶۷" in page
    assert 'autocomplete="one-time-code"' in page
    entered = client.post(CODE, {"code": SmsCode.objects.get().digits})
    assert (entered.status_code, entered["Location"]) == (303, "/desk/")
    assert client.get("/desk/").status_code == 200
    assert User.citizens.get().mobile == MOBILE
