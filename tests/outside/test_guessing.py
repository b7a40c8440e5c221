"""The code of the SMS, tried from many sides at once."""

from tests.outside.citizen import CODE, SIGN_IN, Citizen, at_once

GUESSES_EVALUATED = 5


def is_in(browser, run):
    """Whether this browser sees a desk of its own."""
    return browser.get(f"{run.url}/desk/letters/", allow_redirects=False, timeout=60).status_code == 200


def accounts(citizen):
    return citizen.run.one("SELECT count(*) FROM servicedesk_user WHERE mobile = %s", citizen.e164)


def guesses(citizen):
    return citizen.run.one("SELECT guesses FROM servicedesk_smsdevice WHERE id = %s", citizen.device)


def test_of_eight_parallel_replays_of_a_right_code_one_gets_in(run, stranger):
    stranger.ask_for_code()
    form = stranger.code_form(stranger.read_code())
    answers = at_once([stranger.later(CODE, form) for _ in range(8)])
    assert sum(is_in(browser, run) for _, browser in answers) == 1
    assert sum(answer.headers.get("Location") == "/desk/" for answer, _ in answers) == 1
    assert all(answer.status_code in (303, 422) for answer, _ in answers)
    assert not is_in(stranger.browser, run), "the name of the session from before the sign-in is good no more"
    assert accounts(stranger) == 1


def test_of_200_parallel_guesses_five_are_evaluated_and_the_right_code_comes_too_late(run, stranger):
    stranger.ask_for_code()
    code = stranger.read_code()
    form = stranger.code_form(code)
    wrong = [f"{(int(code) + number) % 10**6:06d}" for number in range(1, 201)]
    answers = at_once([stranger.later(CODE, {**form, "code": guess}) for guess in wrong])
    assert {answer.status_code for answer, _ in answers} == {422}
    assert guesses(stranger) == GUESSES_EVALUATED
    answer = stranger.post(CODE, form)
    assert answer.status_code == 422
    assert not is_in(stranger.browser, run)
    assert guesses(stranger) == GUESSES_EVALUATED
    assert accounts(stranger) == 0


def test_the_right_code_among_parallel_guesses_is_one_of_five_or_refused(run, stranger):
    """Whether it gets in is luck; that nobody has more than five tries is not."""
    stranger.ask_for_code()
    code = stranger.read_code()
    form = stranger.code_form(code)
    tried = [f"{(int(code) + number) % 10**6:06d}" for number in range(-10, 11)]
    answers = at_once([stranger.later(CODE, {**form, "code": guess}) for guess in tried])
    assert sum(is_in(browser, run) for _, browser in answers) == accounts(stranger) <= 1
    assert guesses(stranger) <= GUESSES_EVALUATED


def test_two_parallel_first_sign_ins_make_one_account(run, stranger):
    other = Citizen(run, stranger.mobile)
    stranger.ask_for_code()
    first = stranger.read_code()
    # A number gets one code a minute; let that minute have passed.
    run.rows("UPDATE servicedesk_limithit SET at = at - interval '61 seconds' WHERE name = 'send-code-to-number'")
    other.ask_for_code()
    second = other.read_code(number=2)
    actions = [stranger.later(CODE, stranger.code_form(first)), other.later(CODE, other.code_form(second))]
    answers = at_once(actions)
    assert [answer.status_code for answer, _ in answers] == [303, 303]
    assert all(is_in(browser, run) for _, browser in answers)
    assert accounts(stranger) == 1


def test_a_code_opens_only_the_browser_that_asked(run, stranger):
    thief = Citizen(run)
    stranger.ask_for_code()
    code = stranger.read_code()
    thief.ask_for_code()
    assert thief.post(CODE, thief.code_form(code)).status_code == 422
    assert not is_in(thief.browser, run)
    nobody = Citizen(run)
    nobody.get(SIGN_IN)
    answer = nobody.post(CODE, {"code": code, "csrfmiddlewaretoken": nobody.browser.cookies["csrftoken"]})
    assert answer.headers["Location"].startswith(SIGN_IN)
    assert accounts(stranger) == 0
