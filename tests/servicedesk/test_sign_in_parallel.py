"""The same sign-in from many sides at once, against a running server and PostgreSQL, counted in rows."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore, Thread

import pytest
from django.contrib.sessions.models import Session
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction

from servicedesk.models import LimitHit, OutgoingMessage, SmsDevice, User
from tests.servicedesk.sign_in_steps import CODE, SIGN_IN, TYPED, Browser, answer_of, key_on, wrong

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(actions, behind):
    """Runs the actions in threads of their own; their results, in order.

    Nothing is written into the table ``behind`` before several of them stand in line, so that they have all read
    what was there before: without that, whether they meet depends on how busy the machine is.
    """
    with ThreadPoolExecutor(len(actions)) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {behind} IN SHARE MODE")
            running = [pool.submit(action) for action in actions]
            wait_for_line(cursor, min(4, len(actions)))
        return [action.result() for action in running]


def wait_for_line(cursor, length):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        if cursor.fetchone()[0] >= length:
            return
        time.sleep(0.02)
    raise AssertionError(f"fewer than {length} came so far as to wait")


def signed_in_sessions():
    return [session for session in Session.objects.all() if "_auth_user_id" in session.get_decoded()]


class BusyServer(ThreadedWSGIServer):
    """As in production: a few at a time, and whoever comes meanwhile stands in a long line."""

    request_queue_size = 512
    turns = BoundedSemaphore(7)  # One less than the pool of connections holds: the test has one of its own.

    def process_request_thread(self, request, client_address):
        with self.turns:
            super().process_request_thread(request, client_address)


class SilentHandler(WSGIRequestHandler):
    def log_message(self, *args):
        """Hundreds of lines about wrong guesses would hide what failed."""


@pytest.fixture
def root():
    """The address of a running server on the test's database."""
    with BusyServer(("localhost", 0), SilentHandler) as server:
        server.set_app(get_wsgi_application())
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def browser(root):
    return Browser(root)


def guess(browser, token, code):
    return lambda: browser.send(CODE, token | {"code": code})


def test_of_eight_replays_of_a_right_code_one_signs_in(browser):
    code = browser.ask_for_code()
    token, _page = browser.fields(CODE)
    answers = at_once([guess(browser, token, code)] * 8, behind="servicedesk_smsdevice")
    assert len(signed_in_sessions()) == 1
    entered = [answer for answer in answers if answer.cookies.get("session") and answer.headers["Location"] == "/desk/"]
    assert len(entered) == 1
    assert User.citizens.count() == 1
    assert all(answer.status_code < 500 for answer in answers)


def test_of_two_hundred_guesses_five_are_evaluated_and_the_right_code_comes_too_late(browser):
    code = browser.ask_for_code()
    token, _page = browser.fields(CODE)
    answers = at_once([guess(browser, token, wrong(code))] * 200, behind="servicedesk_smsdevice")
    assert SmsDevice.objects.get().guesses == 5
    assert sum("این کد درست نیست" in answer.text for answer in answers) == 4
    assert sum("هیچ‌یک از پنج کدی" in answer.text for answer in answers) == 196
    assert browser.send(CODE, token | {"code": code}).status_code == 422
    assert signed_in_sessions() == []


def test_the_right_code_among_wrong_ones_opens_one_session_at_the_most(browser):
    code = browser.ask_for_code()
    token, _page = browser.fields(CODE)
    guesses = [guess(browser, token, wrong(code))] * 10 + [guess(browser, token, code)] * 10
    at_once(guesses, behind="servicedesk_smsdevice")
    assert SmsDevice.objects.get().guesses <= 5
    assert len(signed_in_sessions()) <= 1


def test_two_first_sign_ins_at_once_make_one_account(root):
    # The same person at two devices: two sign-ins a minute apart, both codes typed in the same moment.
    browsers = [Browser(root) for _ in range(2)]
    first = browsers[0].ask_for_code()
    LimitHit.objects.all().delete()  # A minute passes.
    second = browsers[1].ask_for_code()
    tokens = [browser.fields(CODE)[0] for browser in browsers]
    codes = (first, second)
    guesses = [guess(*each) for each in zip(browsers, tokens, codes, strict=True)]
    answers = at_once(guesses, behind="servicedesk_user")
    assert [answer.status_code for answer in answers] == [303, 303]
    assert User.citizens.count() == 1
    assert len(signed_in_sessions()) == 2


def test_one_solved_picture_in_fifty_posts_sends_once(browser):
    fields, page = browser.fields(SIGN_IN)
    key = key_on(page)
    fields |= {"security_code": answer_of(key), "security_code_key": key}
    posts = [
        lambda mobile=mobile: browser.send(SIGN_IN, fields | {"mobile": mobile})
        for mobile in [TYPED] * 25 + [f"09350000{number:03d}" for number in range(25)]
    ]
    answers = at_once(posts, behind="captcha_captchastore")
    assert sorted(answer.status_code for answer in answers) == [303] + [422] * 49
    assert OutgoingMessage.objects.count() == SmsDevice.objects.count() == 1


def test_twenty_solved_pictures_for_one_number_send_once(browser):
    pages = [browser.fields(SIGN_IN, mobile=TYPED) for _ in range(20)]
    posts = []
    for fields, page in pages:
        key = key_on(page)
        solved = fields | {"security_code": answer_of(key), "security_code_key": key}
        posts.append(lambda solved=solved: browser.send(SIGN_IN, solved))
    answers = at_once(posts, behind="servicedesk_limithit")
    assert sorted(answer.status_code for answer in answers) == [303] + [429] * 19
    assert OutgoingMessage.objects.count() == 1
