"""A service from nothing to its second form: built, reviewed, filled in by two citizens, read, and changed."""

import pytest
from playwright.sync_api import Page, expect

from tests.factories import png
from tests.journey.browser import PHONE, fact
from tests.journey.citizen import Citizen, any_mobile
from tests.journey.permit import (
    AREA,
    CARD,
    LEASE,
    NATIONAL_ID,
    NEW_SHOP,
    OWNER,
    PAPERS,
    PERMIT,
    RENTED,
    SHOP,
    SINCE,
    UNIT,
    build,
    change,
    look_at,
)
from tests.journey.staff import Clerk
from tests.servicedesk.uploads.samples import pdf

pytestmark = pytest.mark.needs("chromium")

BAKERY, TAILOR, SECOND = "پروانهٔ نانوایی", "پروانهٔ خیاطی", "نانوایی دوم"
BAKERY_ANSWERS = {
    SHOP: "نانوایی",
    NATIONAL_ID: "۰۰۱۲۳۴۵۶۷۹",
    SINCE: "۳۱ اردیبهشت ۱۴۰۲",
    RENTED: "بله",
    OWNER: "رضا نمونه",
    CARD: "کارت.png",
    LEASE: "اجاره.pdf",
}


def test_a_service_from_nothing_to_its_second_form(watch, town, negar, reviewer, omid):
    look_at(build(negar).preview())
    negar.do("action-submit")
    reviewer.approve(PERMIT)

    leila = Citizen(watch.window(PHONE), town, any_mobile())
    kaveh = Citizen(watch.window(PHONE, javascript=False), town, any_mobile())
    reference = send_with_a_break(leila)
    send_without_scripts(kaveh)
    read_and_filter(omid)

    change(negar)
    reviewer.approve(PERMIT)
    send_the_new_form(leila, omid)
    read_as_it_was_sent(leila, omid, reference)


def send_with_a_break(citizen: Citizen) -> str:
    """From the public page to the receipt, with two mistakes, a sign-out in the middle and a late correction."""
    page = citizen.page
    page.goto("/")
    citizen.tap("link", PERMIT)
    citizen.tap("link", "شروع این خدمت")
    citizen.sign_in()
    citizen.expect_title("ثبت درخواست")
    citizen.fill("نام و نام خانوادگی", "لیلا نمونه")
    citizen.fill("موضوع درخواست", BAKERY)
    citizen.choose_unit(UNIT)
    citizen.fill(SHOP, "نانوایی گندم")
    citizen.fill(NATIONAL_ID, "۰۰۱۲۳۴۵۶۷۸")
    citizen.fill(SINCE, "۱۳۷۹/۱۲/۲۹")
    expect(page.get_by_label(OWNER)).to_be_hidden()
    citizen.choose(RENTED, "بله")
    citizen.fill(OWNER, "رضا نمونه")
    citizen.tap("button", "بعدی")
    problems = page.get_by_role("alert").filter(has_text="مشکلی هست")
    expect(problems.get_by_role("link")).to_have_count(2)
    expect(problems).to_contain_text("پیش از ۱ فروردین ۱۳۸۰ نباشد")
    citizen.fill(NATIONAL_ID, "۰۰۱۲۳۴۵۶۷۹")
    citizen.fill(SINCE, "۱۴۰۲/۰۲/۳۱")
    citizen.tap("button", "بعدی")
    expect(page.get_by_text(f"گام ۲ از ۲: {PAPERS}")).to_be_visible()

    citizen.sign_out()
    citizen.tap("link", "ورود دوباره")
    citizen.sign_in()
    citizen.expect_title("پیشخوان")
    citizen.tap("link", f"ادامهٔ درخواست – {PERMIT}")
    expect(page.get_by_text(f"گام ۲ از ۲: {PAPERS}")).to_be_visible()
    citizen.choose_file("کارت.png", png(), label=CARD)
    citizen.choose_file("اجاره.pdf", pdf(), "application/pdf", LEASE)
    citizen.tap("button", "بعدی")

    citizen.expect_title("پاسخ‌هایتان را مرور کنید")
    for label, given in BAKERY_ANSWERS.items():
        expect(fact(page, label)).to_contain_text(given)
    citizen.tap("link", f"ویرایش – {SHOP}")
    citizen.fill(SHOP, "نانوایی سنگک")
    citizen.tap("button", "ادامه به مرور پاسخ‌ها")
    expect(fact(page, SHOP)).to_contain_text("نانوایی سنگک")
    citizen.tap("button", "ثبت درخواست")
    return citizen.read_receipt()


def send_without_scripts(citizen: Citizen):
    """Another one, in whose browser nothing hides; the session ends while the second step stands open."""
    page = citizen.page
    citizen.enter()
    citizen.tap("link", f"ثبت درخواست – {PERMIT}")
    citizen.fill("نام و نام خانوادگی", "کاوه نمونه")
    citizen.fill("موضوع درخواست", TAILOR)
    citizen.choose_unit(UNIT)
    citizen.fill(SHOP, "خیاطی آسمان")
    citizen.fill(NATIONAL_ID, "1209876541")
    page.get_by_text("انتخاب روز، ماه و سال").first.click()
    for part, chosen in {"روز": "۱", "ماه": "مهر", "سال": "۱۴۰۳"}.items():
        page.get_by_role("combobox", name=part, exact=True).select_option(label=chosen)
    expect(page.get_by_text(f"فقط وقتی پاسخ دهید که پاسخ «{RENTED}» «بله» است")).to_be_visible()
    citizen.choose(RENTED, "خیر")
    citizen.tap("button", "بعدی")
    expect(page.get_by_text(f"گام ۲ از ۲: {PAPERS}")).to_be_visible()
    # What the first step has decided needs no scripts.
    expect(page.get_by_label(LEASE)).to_be_hidden()

    citizen.lose_session()
    citizen.choose_file("کارت.png", png(), label=CARD)
    citizen.tap("button", "بعدی")
    citizen.expect_title("ورود به پیشخوان")
    citizen.sign_in()
    expect(page.get_by_text(f"گام ۲ از ۲: {PAPERS}")).to_be_visible()
    citizen.choose_file("کارت.png", png(), label=CARD)
    citizen.tap("button", "بعدی")
    citizen.expect_title("پاسخ‌هایتان را مرور کنید")
    expect(fact(page, SINCE)).to_contain_text("۱ مهر ۱۴۰۳")
    expect(fact(page, LEASE)).to_have_count(0)
    citizen.tap("button", "ثبت درخواست")
    citizen.read_receipt()


def read_and_filter(clerk: Clerk):
    clerk.open_letter(BAKERY)
    see_the_first_form(clerk.page)
    assert clerk.download("کارت.png").startswith(b"\x89PNG")
    assert clerk.download("اجاره.pdf").startswith(b"%PDF")
    clerk.choose_service(PERMIT)
    for subject in (BAKERY, TAILOR):
        expect(clerk.page.get_by_role("link", name=subject)).to_be_visible()
    clerk.find_by_answer(SHOP, "خیاط")
    expect(clerk.page.get_by_role("link", name=BAKERY)).to_have_count(0)
    clerk.page.get_by_role("link", name=TAILOR).click()
    expect(fact(clerk.page, RENTED)).to_contain_text("خیر")
    expect(fact(clerk.page, OWNER)).to_have_count(0)


def see_the_first_form(page: Page):
    """The bakery's letter as it was sent, whatever became of the form."""
    for label, given in BAKERY_ANSWERS.items():
        expect(fact(page, label)).to_contain_text(given)
    for label in (NEW_SHOP, AREA):
        expect(fact(page, label)).to_have_count(0)


def send_the_new_form(citizen: Citizen, clerk: Clerk):
    page = citizen.page
    page.goto("/desk/")
    citizen.tap("link", f"ثبت درخواست – {PERMIT}")
    expect(page.get_by_label(NEW_SHOP)).to_be_visible()
    for label in (SHOP, OWNER):
        expect(page.get_by_label(label)).to_have_count(0)
    citizen.fill("موضوع درخواست", SECOND)
    citizen.choose_unit(UNIT)
    citizen.fill(NEW_SHOP, "نانوایی بربری")
    citizen.fill(NATIONAL_ID, "0012345679")
    citizen.fill(SINCE, "1404/7/1")
    citizen.choose(RENTED, "خیر")
    citizen.fill(AREA, "۴۵")
    citizen.tap("button", "بعدی")
    expect(page.get_by_label(LEASE)).to_be_hidden()
    citizen.choose_file("کارت.png", png(), label=CARD)
    citizen.tap("button", "بعدی")
    citizen.tap("button", "ثبت درخواست")
    citizen.read_receipt()
    clerk.open_letter(SECOND)
    for label, given in {NEW_SHOP: "نانوایی بربری", AREA: "۴۵", RENTED: "خیر"}.items():
        expect(fact(clerk.page, label)).to_contain_text(given)


def read_as_it_was_sent(citizen: Citizen, clerk: Clerk, reference: str):
    citizen.letter_in_list(BAKERY).get_by_role("link", name=BAKERY).click()
    see_the_first_form(citizen.page)
    citizen.page.goto(f"/desk/letters/{reference}/receipt/")
    see_the_first_form(citizen.page)
    clerk.choose_service(PERMIT)
    clerk.find_by_answer(NEW_SHOP, "سنگک")
    clerk.page.get_by_role("link", name=BAKERY).click()
    see_the_first_form(clerk.page)
