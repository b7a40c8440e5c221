"""A day at the staff desk, with three hundred letters before one and, most of the time, a keyboard alone."""

import random
import re

import pytest
from playwright.sync_api import expect

from tests.factories import png
from tests.journey.browser import DESKTOP, PHONE
from tests.journey.citizen import Citizen, any_mobile
from tests.journey.town import wait_until

pytestmark = pytest.mark.needs("chromium")

WATER, LIGHTS = "آب و فاضلاب", "معابر و روشنایی"
LETTERS = 300
SAVED = ("رسید و در دست بررسی", "{نام} گرامی\n\nنامهٔ شما با کد {کد} رسید و در دست بررسی است.")
MOST_KEYS, MOST_CLICKS = 3, 4


@pytest.fixture
def leila(watch, town):
    citizen = Citizen(watch.window(PHONE), town, any_mobile())
    citizen.enter()
    return citizen


@pytest.fixture
def subject():
    return f"افت فشار آب، پلاک {random.randrange(1000, 10_000)}"


@pytest.fixture
def many(leila, town, subject):
    """Three hundred letters of Leila's to the water unit, due one after the other; their subjects in that order."""
    leila.send_letter(subject=subject, unit=WATER, content=png(40, 30))
    [(names,)] = town.tell(
        "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
        " WHERE table_name = 'servicedesk_letter'"
        " AND column_name NOT IN ('id', 'reference', 'form_key', 'subject', 'due_on')"
    )
    town.tell(
        f"INSERT INTO servicedesk_letter (reference, form_key, subject, due_on, {names})"
        " SELECT (2000000000 + floor(random() * 1000000000) + n)::bigint::text, gen_random_uuid(),"
        f" subject || '، ' || n, current_date - 10 + n / 10, {names}"
        " FROM servicedesk_letter, generate_series(1, %s) n WHERE subject = %s",
        LETTERS - 1,
        subject,
    )
    yield [f"{subject}، {n}" for n in range(1, LETTERS)]
    # The rest of the town's day is not theirs.
    town.tell("UPDATE servicedesk_letter SET status = 'withdrawn' WHERE subject LIKE %s", f"{subject}%")


OMID_IN_WATER = " FROM servicedesk_unit unit, servicedesk_user person WHERE unit.name = %s AND username = 'clerk-2'"


def join(town, role):
    """Omid becomes a member of the water unit."""
    insert = "INSERT INTO servicedesk_unitmembership (unit_id, user_id, role)"
    town.tell(f"{insert} SELECT unit.id, person.id, %s {OMID_IN_WATER}", role, WATER)


def leave(town):
    ids = f"SELECT unit.id, person.id {OMID_IN_WATER}"
    town.tell(f"DELETE FROM servicedesk_unitmembership WHERE (unit_id, user_id) IN ({ids})", WATER)


@pytest.fixture
def approver(town):
    """Omid may let answers of the water unit out, which needs that now."""
    join(town, "approver")
    town.tell("UPDATE servicedesk_unit SET needs_approval = true WHERE name = %s", WATER)
    yield
    town.tell("UPDATE servicedesk_unit SET needs_approval = false WHERE name = %s", WATER)
    leave(town)


@pytest.fixture
def colleague(town):
    """Omid is a clerk of the water unit, too."""
    join(town, "clerk")
    yield
    leave(town)


class Keys:
    """A clerk's hands that leave the mouse alone, and count."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, *names):
        for name in names:
            self.count += 1
            self.page.keyboard.press(name)

    def go(self, name):
        """A key after which another page stands there."""
        self.count += 1
        with self.page.expect_navigation():
            self.page.keyboard.press(name)


def heading(page):
    return page.locator(".desk-letter-head h2").inner_text()


def test_letters_are_answered_asked_forwarded_and_taken_by_keys_alone(many, sara, leila, town, subject, capsys):
    sara.save_text(*SAVED)
    page = sara.page
    page.goto("/admin/desk/?tab=overdue")
    expect(page.locator(".desk-tabs [aria-current] .desk-count")).to_have_text(re.compile("[۰-۹]+"))
    keys = Keys(page)
    keys.press("j")
    first = page.evaluate("document.activeElement.innerText")
    assert first == many[0]
    # Open → answered: three keys and the text.
    keys.count = 0
    keys.go("Enter")
    assert heading(page) == many[0]
    keys.press("r")
    page.keyboard.type("گرفته شد.")
    keys.go("Control+Enter")
    expect(page.locator(".desk-reply--final")).to_contain_text("گرفته شد.")
    with capsys.disabled():
        print(f"\nopen to answered: {keys.count} keys and the text")
    assert keys.count <= MOST_KEYS
    # Four more with a saved text: next one, answer, «/», the first one that fits, send.
    for number in range(1, 5):
        keys.go("j")
        assert heading(page) == many[number]
        keys.press("r", "/")
        page.locator("dialog.desk-texts[open]").wait_for()
        page.keyboard.type("رسيد")
        keys.press("Enter")
        expect(page.locator("form#answer textarea")).to_have_value(re.compile("لیلا نمونه گرامی"))
        keys.go("Control+Enter")
        expect(page.locator(".desk-reply--final")).to_contain_text("در دست بررسی است")
    # One is asked for more.
    keys.go("j")
    asked = heading(page)
    keys.go("q")
    page.locator("#verb [name=question]").fill("شمارهٔ اشتراک شما چیست؟")
    page.locator("#verb [name=question]").press("Tab")
    page.keyboard.type("عکس کنتور")
    page.keyboard.press("Tab")
    keys.go("Enter")
    expect(page.locator(".desk-letter-line")).to_contain_text("منتظر شهروند")
    # One goes to another unit.
    keys.go("j")
    forwarded = heading(page)
    keys.go("f")
    page.locator("#verb [name=unit]").select_option(label=LIGHTS)
    page.locator("#verb [name=reason]").fill("مال آن‌هاست.")
    page.locator("#verb [name=reason]").press("Tab")
    keys.go("Enter")
    page.wait_for_url("**/admin/desk/")
    # And one is taken.
    keys.press("j")
    keys.go("Enter")
    keys.go("t")
    expect(page.locator(".desk-facts")).to_contain_text("سارا رودبانی")
    the_citizen_sees_each_step(leila, town, many, asked, forwarded)


def open_letter(leila, town, subject):
    """Her letter's page; among three hundred alike her list would have to be turned for it."""
    [(reference,)] = town.tell("SELECT reference FROM servicedesk_letter WHERE subject = %s", subject)
    leila.page.goto(f"/desk/letters/{reference}/")


def the_citizen_sees_each_step(leila, town, many, asked, forwarded):
    texts = lambda: [sms["text"] for sms in town.messages_to(leila.number) if sms["kind"] == "message"]  # noqa: E731
    # The receipt, five answers, one question.
    wait_until(lambda: len(texts()) == 7, "seven messages")
    assert not any("اشتراک" in text or "گرفته شد" in text for text in texts())
    open_letter(leila, town, many[0])
    expect(leila.page.get_by_role("region", name="جوابیه")).to_contain_text("گرفته شد.")
    open_letter(leila, town, asked)
    expect(leila.page.locator("main")).to_contain_text("منتظر شما")
    expect(leila.page.locator("#asked")).to_contain_text("شمارهٔ اشتراک شما چیست؟")
    leila.page.locator("#asked textarea").fill("اشتراک ۱۲۳۴")
    photo = {"name": "کنتور.png", "mimeType": "image/png", "buffer": png(50, 40)}
    leila.page.locator("#asked [type=file]").set_input_files(photo)
    leila.page.get_by_role("button", name="فرستادن پاسخ").click()
    expect(leila.page.locator(".badge").first).to_contain_text("در حال بررسی")
    open_letter(leila, town, forwarded)
    expect(leila.page.locator("main")).to_contain_text(LIGHTS)


def test_a_letter_is_answered_with_four_clicks(leila, sara, subject):
    leila.send_letter(subject=subject, unit=WATER, content=png(40, 30))
    page, clicks = sara.page, 0
    page.goto("/admin/desk/?tab=all")
    for target in (
        page.get_by_role("link", name=subject),
        page.locator("form#answer textarea"),
        page.get_by_role("button", name="ارسال پاسخ نهایی"),
    ):
        target.click()
        clicks += 1
        if clicks == 2:
            page.keyboard.type("رسیدگی شد.")
    expect(page.locator(".desk-reply--final")).to_contain_text("رسیدگی شد.")
    assert clicks <= MOST_CLICKS


def test_an_answer_leaves_only_once_an_approver_lets_it_out(approver, leila, sara, omid, town, subject):
    reference = leila.send_letter(subject=subject, unit=WATER, content=png(40, 30))
    sara.page.goto(f"/admin/desk/{reference}/")
    sara.page.locator("form#answer textarea").fill("فردا وصل می‌شود.")
    sara.page.get_by_role("button", name="دادن برای تأیید").click()
    expect(sara.page.locator("#approval")).to_contain_text("فردا وصل می‌شود.")
    leila.page.goto(f"/desk/letters/{reference}/")
    expect(leila.page.locator("main")).not_to_contain_text("فردا وصل می‌شود.")
    omid.page.goto(f"/admin/desk/{reference}/")
    box = omid.page.locator("#approval textarea").first
    expect(box).to_have_value("فردا وصل می‌شود.")
    box.fill("فردا تا ظهر وصل می‌شود.")
    omid.page.get_by_role("button", name="تأیید و فرستادن").click()
    expect(omid.page.locator(".desk-reply--final")).to_contain_text("تأیید: امید چمن‌آرا")
    assert reference in town.next_sms(leila.number, "message", after=1)
    leila.page.reload()
    expect(leila.page.get_by_role("region", name="جوابیه")).to_contain_text("فردا تا ظهر وصل می‌شود.")


def test_two_clerks_at_one_letter_know_of_each_other_and_only_one_answer_leaves(
    colleague, leila, sara, omid, town, subject
):
    reference = leila.send_letter(subject=subject, unit=WATER, content=png(40, 30))
    for clerk in (sara, omid):
        clerk.page.goto(f"/admin/desk/{reference}/")
    omid.page.locator("form#answer textarea").press_sequentially("پاسخ امید")
    expect(sara.page.locator("[data-desk-presence]")).to_contain_text(
        "همکار شما امید چمن‌آرا در حال نوشتن پاسخ", timeout=60_000
    )
    sara.page.locator("form#answer textarea").fill("پاسخ سارا")
    sara.page.get_by_role("button", name="ارسال پاسخ نهایی").click()
    expect(sara.page.locator(".desk-reply--final")).to_contain_text("پاسخ سارا")
    omid.page.get_by_role("button", name="ارسال پاسخ نهایی").click()
    expect(omid.page.locator(".help-critical").first).to_contain_text("پاسخ نهایی")
    expect(omid.page.locator("form#answer textarea")).to_have_value("پاسخ امید")
    assert len([sms for sms in town.messages_to(leila.number) if sms["kind"] == "message"]) == 2


def test_a_session_that_ends_in_the_middle_of_an_answer_loses_nothing(leila, sara, subject):
    reference = leila.send_letter(subject=subject, unit=WATER, content=png(40, 30))
    page = sara.page
    page.goto(f"/admin/desk/{reference}/")
    page.locator("form#answer textarea").press_sequentially("نیمهٔ پاسخ")
    expect(page.locator("[data-desk-kept]")).to_have_text("نوشتهٔ شما نگه داشته شد.")
    page.context.clear_cookies()
    page.goto(f"/admin/desk/{reference}/")
    page.locator("[name=username]").fill(sara.username)
    page.locator("[name=password]").fill(sara.town.sign_ins[sara.username])
    page.locator("form:has([name=password]) [type=submit]").click()
    expect(page.locator("form#answer textarea")).to_have_value("نیمهٔ پاسخ")


def test_many_are_closed_at_once_in_the_background(many, sara, leila, town):
    page = sara.page
    page.goto("/admin/desk/?tab=overdue")
    page.locator("[data-desk-tick-all]").check()
    page.locator("#bulk [value=close]").click()
    expect(page.locator("main")).to_contain_text("برای فرستندگان ۲۵ نامه پیامک می‌رود")
    page.locator("main form textarea").fill("به پروندهٔ دیگری پیوست شد.")
    page.get_by_role("button", name="بستن بی‌پاسخ").click()
    expect(page.locator("[data-desk-progress]")).to_have_text("۲۵ از ۲۵ نامه انجام شد.", timeout=60_000)
    expect(page.locator(".desk-cell-status", has_text="انجام شد")).to_have_count(25)

    def all_told():
        return len([sms for sms in town.messages_to(leila.number) if sms["kind"] == "message"]) == 26

    wait_until(all_told, "an SMS for each")
    page.set_viewport_size(DESKTOP["viewport"])
