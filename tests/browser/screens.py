"""The table of all screens: whose they are, how one comes to them, and what is asked of each.

The live pages of the tree are found by themselves (`Stage.pages`); a new page needs no line here, nor does the editor
of a new type of page. A new screen of the desk or of the admin is one line.
"""

import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.asking_services import EVERYTHING, STEPS, UNFINISHED, wrong_answers
from tests.browser.stage import (
    ADMIN,
    APPLICANT,
    APPROVER,
    CITIZEN,
    CLERK,
    HEAD,
    MOBILES,
    NEWCOMER,
    STRANGER,
    Stage,
    fill_in,
    picture,
)
from tests.journey.citizen import Citizen

PUBLIC, DESK, STAFF, WAGTAIL = "public", "desk", "staff", "wagtail"
# Keys of the language switch are labels of tests; the admin speaks the language of whoever signed in.
LANGUAGES = ("fa", "en")
SUBMIT = "main form:not([role=search]) button[type=submit]:not([tabindex='-1'])"


@dataclass(frozen=True)
class Screen:
    """kind: public and desk pages are ours from the first tag; staff pages are ours within Wagtail's frame; wagtail
    pages are Wagtail's. during: the trouble in which the screen is seen. personal: no search engine shall list it."""

    name: str
    kind: str
    who: str
    show: Callable[[Stage, Page, str], None]
    status: int = 200
    during: Callable[[Stage], object] = nullcontext

    @property
    def is_ours(self) -> bool:
        return self.kind in (PUBLIC, DESK)


def at(address: str) -> Callable:
    """The screen is at this address."""

    def show(stage, page, language):
        page.goto(stage.address(address, language))

    return show


def sent(address: str, values: dict[str, str] | None = None, button: str = SUBMIT, *, checked: str = "") -> Callable:
    """The screen comes of a form at this address, filled with the values by name and sent."""

    def show(stage, page, language):
        page.goto(stage.address(address, language))
        for name, value in (values or {}).items():
            page.locator(f"[name={name}]:visible").first.fill(value.format(**stage.names))
        if checked:
            page.locator(checked).check()
        _send(page, button)

    return show


def _send(page: Page, button: str) -> None:
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator(button).first.click()
    page.wait_for_load_state()


def _code_page(stage, page, language):
    """Step two, for a number of this language's own, so that no limit of numbers is met."""
    page.goto(stage.address("/desk/sign-in/", language))
    citizen = Citizen(page, stage.town, {"fa": "09120000003", "en": "09120000004"}[language])
    page.fill("[name=mobile]", citizen.mobile)
    page.fill("[name=security_code]", stage.town.security_code(page.input_value("[name=security_code_key]")))
    page.locator(SUBMIT).first.click()
    page.wait_for_url("**/desk/sign-in/code/")


def _wait_for_code(stage, page, language):
    """Step two, from the window that came there first: only one code goes out for it, and another one where a slow
    machine let it lapse."""
    kept = f"code-{language}"
    if kept in stage.cookies:
        page.context.add_cookies(stage.cookies[kept]["cookies"])
        page.goto(stage.address("/desk/sign-in/code/", language))
        if page.locator("[name=code]").count():
            return
    _code_page(stage, page, language)
    stage.cookies[kept] = page.context.storage_state()


def _wrong_code(stage, page, language):
    _wait_for_code(stage, page, language)
    page.fill("[name=code]", "12")
    _send(page, SUBMIT)


def _forged_form(stage, page, language):
    """A form whose token was lost on the way."""
    page.goto(stage.address("/desk/track/", language))
    page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(field => field.remove())")
    _send(page, SUBMIT)


def _form_with_kept_file(stage, page, language):
    page.goto(stage.address("/desk/letters/new/", language))
    page.fill("[name=sender_name]", "لیلا نمونه")
    page.set_input_files("[name=body_file]", picture("نامه.png"))
    # Past the script, so that the answer comes as a page.
    with page.expect_navigation():
        page.evaluate("document.querySelector('[data-letter-form]').submit()")


def _opened(address: str, *details: str) -> Callable:
    """A letter with some of its folded parts unfolded."""

    def show(stage, page, language):
        page.goto(stage.address(address, language))
        for selector in details:
            page.locator(f"{selector} > summary").click()

    return show


def _ticked(stage, page, language):
    """What is told of before many letters are closed at once."""
    page.goto(stage.address(INBOX, language))
    for box in page.locator("[data-desk-tick]").all()[:3]:
        box.check()
    _send(page, "#bulk [value=close]")


def _sent_back_without_a_word(stage, page, language):
    """The approver did not say what is wrong with the answer."""
    _opened(INBOX + "{handed_in}/", ".desk-approval details")(stage, page, language)
    _send(page, "form[action$='send-back/'] [type=submit]")


def _texts(stage, page, language):
    """The saved texts, at «/» in the empty answer box."""
    page.goto(stage.address(INBOX + "{open}/", language))
    page.locator("form#answer textarea").press("/")
    page.locator("dialog.desk-texts li").first.wait_for()


def _keys(stage, page, language):
    """The list of keys."""
    page.goto(stage.address(INBOX + "{open}/", language))
    page.keyboard.press("?")
    page.locator("#keyboard-shortcuts-dialog kbd").first.wait_for()


def _wrong_answers(stage, page, language):
    """The form of all questions, each answered as it cannot be."""
    page.goto(stage.address(FORM, language))
    fill_in(page, wrong_answers())
    _send(page, SUBMIT)


def _with_guide(stage, page, language):
    """The second step, with the question that its first one hides."""
    page.goto(stage.address(STEP, language))
    fill_in(page, {"guide": "yes"})


def _slip(stage, page, language):
    """The slip of a paper letter of somebody without a mobile number."""
    page.goto(INBOX + "new/")
    values = {"sender_name": "رستم نمونه", "contact": "خیابان ۳، پلاک ۴", "subject": "لولهٔ شکسته"}
    for name, value in values.items():
        page.fill(f"[name={name}]", value)
    page.locator("[name=service]").select_option(index=1)
    page.locator("[name=unit]").select_option(index=1)
    page.set_input_files("[name=scans]", picture("scan.png"))
    _send(page, COUNTER)


def _letter_on_paper(stage, page, language):
    _slip(stage, page, language)
    page.goto(page.url.replace("slip/", ""))


def _tab(name: str, address: str) -> Callable:
    """A tab of a service in the page editor."""

    def show(stage, page, language):
        page.goto(stage.address(address, language))
        page.get_by_role("tab", name=name).click()

    return show


def _taken_in(name: str, content: str) -> Callable:
    """What was said of a file that should be one of a service."""

    def show(stage, page, language):
        page.goto(stage.address("/admin/services/new/{home}/", language))
        file = {"name": name, "mimeType": "application/json", "buffer": content.encode()}
        page.set_input_files("main [type=file]", file)
        _send(page, "main form:has([type=file]) [type=submit]")

    return show


def _second_factor(stage, page, language):
    """The step after the password, for a clerk who has an app."""
    stage.tell(
        "INSERT INTO otp_totp_totpdevice (user_id, name, confirmed, key, step, t0, digits, tolerance, drift, last_t,"
        " throttling_failure_count) SELECT id, 'authenticator', true, repeat('ab', 20), 30, 0, 6, 1, 0, -1, 0"
        " FROM servicedesk_user WHERE username = 'clerk-2' AND NOT EXISTS (SELECT 1 FROM otp_totp_totpdevice)"
    )
    page.goto("/admin/login/")
    page.fill("[name=username]", "clerk-2")
    page.fill("[name=password]", stage.town.sign_ins["clerk-2"])
    page.locator("form:has([name=password]) [type=submit]").click()
    page.wait_for_url("**/second-factor/code/**")


def _wrong_second_factor(stage, page, language):
    _second_factor(stage, page, language)
    page.locator("main [name=code], form [name=code]").first.fill("000000")
    _send(page, "form:has([name=code]) [type=submit]")


LETTER, OPEN, WANTED = "/desk/letters/{answered}/", "/desk/letters/{open}/", "/desk/letters/{wanted}/"
REPORT_TABLES = ("#report-total ~ details", "#report-hours ~ details")
OPINION = "form[action$='advise/'] [type=submit]"
SAVE_TEXT = "form.desk [type=submit]"
INBOX = "/admin/desk/"
COUNTER = "form.desk-counter .desk-buttons [type=submit]"
UNIT = "/admin/desk/unit/{unit}/"
MEMBER = UNIT + "members/{member}/"
FORM, ASKED = f"/desk/letters/new/?service={EVERYTHING}", "/desk/letters/{asked}/"
STEP, CHECK, HALF_CHECK = "/desk/drafts/{half}/2/", "/desk/drafts/{whole}/check/", "/desk/drafts/{half}/check/"
BY_ANSWERS = INBOX + f"?service={{{EVERYTHING}}}&of={{{EVERYTHING}}}"

SCREENS = [
    # --- signing in ---
    Screen("sign-in", PUBLIC, STRANGER, at("/desk/sign-in/")),
    Screen("sign-in-errors", PUBLIC, STRANGER, sent("/desk/sign-in/", {"mobile": "021"}), 422),
    Screen(
        "sign-in-wrong-picture",
        PUBLIC,
        STRANGER,
        sent("/desk/sign-in/", {"mobile": MOBILES[CITIZEN], "security_code": "0"}),
        422,
    ),
    Screen("sign-in-code", PUBLIC, STRANGER, _wait_for_code),
    Screen("sign-in-code-errors", PUBLIC, STRANGER, _wrong_code, 422),
    Screen("signed-out", PUBLIC, STRANGER, at("/desk/sign-out/")),
    Screen("track", PUBLIC, STRANGER, at("/desk/track/")),
    Screen("track-errors", PUBLIC, STRANGER, sent("/desk/track/"), 422),
    Screen(
        "track-found", PUBLIC, STRANGER, sent("/desk/track/", {"reference": "{answered}", "mobile": MOBILES[CITIZEN]})
    ),
    Screen("search", PUBLIC, STRANGER, at("/search/")),
    Screen("search-results", PUBLIC, STRANGER, at("/search/?q=نامه")),
    Screen("search-nothing-found", PUBLIC, STRANGER, at("/search/?q=xyzxyz")),
    # --- the citizen's desk ---
    Screen("desk", DESK, CITIZEN, at("/desk/")),
    Screen("desk-empty", DESK, NEWCOMER, at("/desk/")),
    Screen(
        "desk-errors", DESK, CITIZEN, sent("/desk/", {"reference": "12"}, "main form[action$='track/own/'] button"), 422
    ),
    Screen("form", DESK, CITIZEN, at("/desk/letters/new/")),
    Screen("form-errors", DESK, CITIZEN, sent("/desk/letters/new/", {"sender_name": ""}), 422),
    Screen("form-kept-file", DESK, CITIZEN, _form_with_kept_file, 422),
    Screen("receipt", DESK, CITIZEN, at(OPEN + "receipt/")),
    Screen("list", DESK, CITIZEN, at("/desk/letters/")),
    Screen("list-second-page", DESK, CITIZEN, at("/desk/letters/?page=2")),
    Screen("list-nothing-found", DESK, CITIZEN, at("/desk/letters/?q=xyz")),
    Screen("list-empty", DESK, NEWCOMER, at("/desk/letters/")),
    Screen("letter-in-review", DESK, CITIZEN, at(OPEN)),
    Screen("letter-unopened", DESK, CITIZEN, at("/desk/letters/{unopened}/")),
    Screen("letter-withdrawal", DESK, CITIZEN, at("/desk/letters/{unopened}/withdraw/")),
    Screen("letter-withdrawn", DESK, CITIZEN, at("/desk/letters/{withdrawn}/")),
    Screen("letter-answered", DESK, CITIZEN, at(LETTER)),
    Screen("letter-waiting", DESK, CITIZEN, at(WANTED)),
    Screen("letter-waiting-errors", DESK, CITIZEN, sent(WANTED, {}, "form[action$='reply/'] [type=submit]"), 422),
    # --- services that ask ---
    Screen("questions", DESK, APPLICANT, at(FORM)),
    Screen("questions-errors", DESK, APPLICANT, sent(FORM), 422),
    Screen("questions-wrong-answers", DESK, APPLICANT, _wrong_answers, 422),
    Screen("step-first", DESK, APPLICANT, at(f"/desk/letters/new/?service={STEPS}")),
    Screen("step-second", DESK, APPLICANT, at(STEP)),
    Screen("step-second-condition-on", DESK, APPLICANT, _with_guide),
    Screen("step-second-errors", DESK, APPLICANT, sent(STEP), 422),
    Screen("check", DESK, APPLICANT, at(CHECK)),
    Screen("check-incomplete", DESK, APPLICANT, at(HALF_CHECK)),
    Screen("desk-begun", DESK, APPLICANT, at("/desk/")),
    Screen("draft-removal", DESK, APPLICANT, at("/desk/drafts/{half}/remove/")),
    Screen("service-shut", DESK, APPLICANT, at(FORM), during=Stage.shut_service),
    Screen("service-too-often", DESK, APPLICANT, at(FORM), during=Stage.often_used_service),
    Screen("receipt-of-answers", DESK, APPLICANT, at(ASKED + "receipt/")),
    Screen("letter-of-answers", DESK, APPLICANT, at(ASKED)),
    # --- the account ---
    Screen("account", DESK, CITIZEN, at("/desk/account/")),
    Screen("sessions", DESK, CITIZEN, at("/desk/account/sessions/")),
    Screen("new-number", DESK, CITIZEN, at("/desk/account/number/")),
    Screen("new-number-errors", DESK, CITIZEN, sent("/desk/account/number/", {"mobile": "021"}), 422),
    Screen("older-letters", DESK, CITIZEN, at("/desk/account/older-letters/")),
    Screen("my-data", DESK, CITIZEN, at("/desk/my-data/")),
    Screen("my-removal", DESK, CITIZEN, at("/desk/my-removal/")),
    Screen("my-removal-waiting", DESK, NEWCOMER, at("/desk/my-removal/")),
    # --- what went wrong ---
    Screen("403-forged-form", PUBLIC, STRANGER, _forged_form, 403),
    Screen("404", PUBLIC, STRANGER, at("/nowhere/"), 404),
    Screen("404-letter", DESK, NEWCOMER, at(LETTER), 404),
    # --- the admin ---
    Screen("admin-sign-in", STAFF, STRANGER, at("/admin/login/")),
    Screen(
        "admin-sign-in-errors",
        STAFF,
        STRANGER,
        sent("/admin/login/", {"username": "nobody", "password": "wrong"}, "form:has([name=password]) [type=submit]"),
    ),
    Screen("admin-password-reset", WAGTAIL, STRANGER, at("/admin/password_reset/")),
    Screen("admin-second-factor", STAFF, STRANGER, _second_factor),
    Screen("admin-second-factor-errors", STAFF, STRANGER, _wrong_second_factor, 422),
    Screen("admin-second-factor-mine", STAFF, CLERK, at("/admin/second-factor/")),
    Screen("admin-second-factor-set-up", STAFF, CLERK, at("/admin/second-factor/set-up/")),
    Screen("admin-home-of-a-clerk", STAFF, CLERK, at("/admin/")),
    Screen("admin-home-of-a-head", STAFF, HEAD, at("/admin/")),
    Screen("admin-home", STAFF, ADMIN, at("/admin/")),
    Screen("admin-inbox", STAFF, CLERK, at(INBOX)),
    Screen("admin-inbox-errors", STAFF, CLERK, at(INBOX + "?status=none"), 400),
    Screen("admin-inbox-nothing-found", STAFF, CLERK, at(INBOX + "?q=xyz")),
    Screen("admin-inbox-by-answers", STAFF, CLERK, _opened(BY_ANSWERS, ".desk-answer-filters")),
    Screen("admin-inbox-by-answers-errors", STAFF, CLERK, at(BY_ANSWERS + "&a-none=x"), 400),
    Screen("admin-letter-of-answers", STAFF, CLERK, at(INBOX + "{asked}/")),
    Screen("admin-inbox-more-filters", STAFF, CLERK, _opened(INBOX + "?tab=waiting&q=آب", ".desk-more-filters")),
    Screen("admin-letter", STAFF, CLERK, _opened(INBOX + "{open}/", ".desk-more")),
    *(
        Screen(f"admin-{verb}", STAFF, CLERK, at(f"{INBOX}{{open}}/{verb}/"))
        # All verbs have one template; these have all kinds of its fields.
        for verb in ("ask", "forward", "assign", "consult", "number")
    ),
    Screen("admin-ask-errors", STAFF, CLERK, sent(INBOX + "{open}/ask/", {}, "#verb [type=submit]"), 422),
    Screen("admin-letter-withdrawn", STAFF, CLERK, at(INBOX + "{withdrawn}/")),
    Screen("admin-letter-waiting", STAFF, CLERK, at(INBOX + "{wanted}/")),
    Screen("admin-letter-answered", STAFF, CLERK, _opened(INBOX + "{answered}/", ".desk-more")),
    Screen("admin-correct-answer", STAFF, CLERK, at(INBOX + "{answered}/correct-answer/")),
    Screen("admin-reopen", STAFF, CLERK, at(INBOX + "{answered}/reopen/")),
    Screen("admin-approval", STAFF, APPROVER, _opened(INBOX + "{handed_in}/", ".desk-approval details")),
    Screen("admin-approval-errors", STAFF, APPROVER, _sent_back_without_a_word, 422),
    Screen("admin-opinion", STAFF, CLERK, at(INBOX + "{consulted}/")),
    Screen("admin-opinion-errors", STAFF, CLERK, sent(INBOX + "{consulted}/", {}, OPINION), 422),
    Screen("admin-bulk", STAFF, CLERK, _ticked),
    Screen("admin-letter-texts", STAFF, CLERK, _texts),
    Screen("admin-letter-keys", STAFF, CLERK, _keys),
    Screen("admin-others", STAFF, CLERK, at(INBOX + "{open}/others/")),
    Screen("admin-saved-texts", STAFF, CLERK, at(INBOX + "texts/")),
    Screen("admin-saved-text", STAFF, CLERK, at(INBOX + "texts/new/")),
    Screen("admin-saved-text-errors", STAFF, CLERK, sent(INBOX + "texts/new/", {"text": "{{نم}}"}, SAVE_TEXT), 422),
    Screen(
        "admin-answer-errors", STAFF, CLERK, sent(INBOX + "{open}/", {"text": ""}, "form#answer [type=submit]"), 422
    ),
    Screen("admin-counter", STAFF, CLERK, at(INBOX + "new/")),
    Screen("admin-counter-errors", STAFF, CLERK, sent(INBOX + "new/", {"mobile": "021"}, COUNTER), 422),
    Screen("admin-slip", STAFF, CLERK, _slip),
    Screen("admin-letter-on-paper", STAFF, CLERK, _letter_on_paper),
    Screen("admin-reports", STAFF, ADMIN, at(INBOX + "reports/")),
    Screen("admin-reports-of-a-head", STAFF, HEAD, _opened(INBOX + "reports/", *REPORT_TABLES)),
    Screen("admin-reports-errors", STAFF, HEAD, at(INBOX + "reports/?since=1405/13/01"), 400),
    Screen("admin-undelivered", STAFF, ADMIN, at("/admin/desk/messages/")),
    Screen("admin-exports", STAFF, ADMIN, at("/admin/desk/exports/")),
    Screen("admin-gateways", STAFF, ADMIN, at("/admin/desk/gateways/")),
    Screen("admin-own-unit", STAFF, HEAD, at(UNIT)),
    Screen("admin-own-unit-errors", STAFF, HEAD, sent(UNIT, {}, "form:has([value=add]) [type=submit]"), 422),
    Screen("admin-member", STAFF, HEAD, at(MEMBER)),
    Screen("admin-member-errors", STAFF, HEAD, sent(MEMBER, {}, "form:has([value=stand-in]) [type=submit]"), 422),
    Screen("admin-own-units", STAFF, ADMIN, at("/admin/desk/unit/")),
    Screen("admin-removals", STAFF, ADMIN, at("/admin/removals/")),
    Screen("admin-removal", STAFF, ADMIN, at("/admin/removals/{wish}/")),
    Screen("admin-second-factors", STAFF, ADMIN, at("/admin/second-factor/staff/")),
    Screen("admin-sessions", STAFF, CLERK, at("/admin/sessions/")),
    Screen("admin-units", WAGTAIL, ADMIN, at("/admin/units/")),
    Screen("admin-unit", WAGTAIL, ADMIN, at("/admin/units/new/")),
    Screen("admin-banners", WAGTAIL, ADMIN, at("/admin/banners/")),
    Screen("admin-banner", WAGTAIL, ADMIN, at("/admin/banners/new/")),
    Screen("admin-question-sets", WAGTAIL, ADMIN, at("/admin/snippets/servicedesk/questionset/")),
    Screen("admin-question-set", WAGTAIL, ADMIN, at("/admin/snippets/servicedesk/questionset/add/")),
    Screen("admin-form-tab", WAGTAIL, ADMIN, _tab("فرم", f"/admin/pages/{{{EVERYTHING}}}/edit/")),
    Screen("admin-texts-tab", WAGTAIL, ADMIN, _tab("متن‌ها", f"/admin/pages/{{{EVERYTHING}}}/edit/")),
    Screen("admin-form-tab-problems", WAGTAIL, ADMIN, _tab("فرم", f"/admin/pages/{{{UNFINISHED}}}/edit/")),
    Screen("admin-take-in", STAFF, ADMIN, at("/admin/services/new/{home}/")),
    Screen("admin-take-in-errors", STAFF, ADMIN, _taken_in("service.json", "{}"), 422),
    Screen("admin-holidays", WAGTAIL, ADMIN, at("/admin/holidays/")),
    Screen("admin-holiday", WAGTAIL, ADMIN, at("/admin/holidays/new/")),
    Screen("admin-weekly-hours", WAGTAIL, ADMIN, at("/admin/weekly-hours/")),
    Screen("admin-week", WAGTAIL, ADMIN, at("/admin/weekly-hours/new/")),
    Screen("admin-closures", WAGTAIL, ADMIN, at("/admin/closures/")),
    Screen("admin-closure", WAGTAIL, ADMIN, at("/admin/closures/new/")),
    Screen("admin-desk-settings", WAGTAIL, ADMIN, at("/admin/settings/servicedesk/desksettings/")),
    Screen("admin-site-settings", WAGTAIL, ADMIN, at("/admin/settings/home/sitesettings/")),
    Screen("admin-explorer", WAGTAIL, ADMIN, at("/admin/pages/{home}/")),
    Screen("admin-history", WAGTAIL, ADMIN, at("/admin/pages/{home}/history/")),
    Screen("admin-new-page", WAGTAIL, ADMIN, at("/admin/pages/{home}/add_subpage/")),
    Screen("admin-images", WAGTAIL, ADMIN, at("/admin/images/")),
    Screen("admin-new-image", WAGTAIL, ADMIN, at("/admin/images/add/")),
    Screen("admin-users", WAGTAIL, ADMIN, at("/admin/users/")),
    Screen("admin-user", WAGTAIL, ADMIN, at("/admin/users/new/")),
    Screen("admin-account", WAGTAIL, CLERK, at("/admin/account/")),
    Screen("admin-404", WAGTAIL, ADMIN, at("/admin/nowhere/"), 404),
    # --- trouble of the whole desk, last: it is undone, but what is late may be later ---
    Screen("429", PUBLIC, STRANGER, at("/desk/sign-in/"), 429, Stage.too_many_pictures),
    Screen("500", DESK, CITIZEN, at("/desk/letters/"), 500, Stage.broken_list),
    Screen("503", PUBLIC, STRANGER, at("/desk/track/"), 503, Stage.database_away),
]


def page_screens(stage: Stage, language: str = "") -> list[Screen]:
    """One screen for each live page of the tree, of one language or all."""
    return [
        Screen(f"page{re.sub('[^a-z0-9]+', '-', page.address)}".rstrip("-"), PUBLIC, STRANGER, _just(page.address))
        for page in stage.pages()
        if language in ("", page.language)
    ]


def editor_screens(stage: Stage) -> list[Screen]:
    """The editor of one page of each type."""
    first = {}
    for page in stage.pages():
        first.setdefault(page.kind, page)
    return [
        Screen(f"admin-editor-{kind.rpartition('.')[2]}", WAGTAIL, ADMIN, _just(f"/admin/pages/{page.id}/edit/"))
        for kind, page in first.items()
    ]


def _just(address: str) -> Callable:
    def show(stage, page, language):
        page.goto(address)

    return show
