"""The journey of the order, walked in a real browser on a whole running system: citizen, clerk and editor."""

import io
import random
import re
import shutil
import subprocess

import pikepdf
import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.factories import png
from tests.journey.browser import DESKTOP, PHONE
from tests.journey.citizen import MOST_FIELDS, MOST_PAGES, MOST_TAPS, Citizen, any_mobile
from tests.journey.staff import Editor
from tests.journey.town import FIRST_START, wait_until
from tests.real_parts import PANGO

pytestmark = pytest.mark.needs("chromium")

WATER, LIGHTS = "آب و فاضلاب", "معابر و روشنایی"
ANSWER_FILE = {"name": "پاسخ.png", "mimeType": "image/png", "buffer": png(60, 40, "teal")}
WAYS = {"with JavaScript": True, "without JavaScript": False}


@pytest.mark.parametrize("way", WAYS)
def test_from_the_public_page_to_a_green_letter_with_its_answer(way, watch, town, sara, capsys):
    subject, letter = f"نشتی آب، کوچه {random.randrange(1000, 10_000)}", png(80, 60)
    leila = Citizen(watch.window(PHONE, javascript=WAYS[way]), town, any_mobile())

    reference = send_with_one_mistake(leila, subject, letter)
    with capsys.disabled():
        print(f"\n{way}: {leila.pages} pages, {leila.taps} taps, {leila.fields} fields to the tracking code")
    assert leila.pages <= MOST_PAGES
    assert leila.taps <= MOST_TAPS
    assert leila.fields <= MOST_FIELDS
    assert reference in town.next_sms(leila.number, "message")
    look_at_receipt(leila.page, town, reference)
    card = leila.letter_in_list(subject)
    expect(card).to_have_class("letter in-review")
    expect(card).to_contain_text("در حال بررسی")

    sara.open_letter(subject)
    assert sara.download("نامه.png").startswith(b"\x89PNG")
    sara.answer("نشتی گرفته شد.", ANSWER_FILE)

    told = town.next_sms(leila.number, "message", after=1)
    assert reference in told
    assert "نشتی" not in told  # Neither subject nor answer.
    card = leila.letter_in_list(subject)
    expect(card).to_have_class("letter answered")
    expect(card).to_contain_text("پاسخ داده شد")
    expect(card.locator(".answer")).to_contain_text("جوابیه")
    expect(card.locator(".answer")).to_contain_text("نشتی گرفته شد.")
    card.get_by_role("link", name=subject).click()
    leila.expect_title(subject)
    expect(leila.page.get_by_role("region", name="جوابیه")).to_contain_text("نشتی گرفته شد.")
    assert leila.download("پاسخ.png").startswith(b"\x89PNG")
    track_as_a_stranger(watch.window(PHONE, javascript=WAYS[way]), reference, leila.mobile)


def send_with_one_mistake(leila, subject, letter):
    """The shortest way from the public page to the receipt, but for one empty subject, which costs no second file."""
    leila.page.goto("/")
    leila.tap("link", "ورود و ثبت درخواست")
    leila.expect_title("ورود به پیشخوان")
    leila.sign_in()
    leila.expect_title("پیشخوان")
    expect(leila.page.get_by_role("heading", name="ثبت درخواست", exact=True)).to_be_visible()
    expect(leila.page.get_by_role("heading", name="پیگیری درخواست", exact=True)).to_be_visible()
    expect(leila.page.get_by_label("کد رهگیری")).to_be_visible()
    leila.tap("link", "ثبت درخواست")
    leila.expect_title("ثبت درخواست")
    leila.fill("نام و نام خانوادگی", "لیلا نمونه")
    leila.choose_unit(WATER)
    leila.choose_file("نامه.png", letter)

    leila.counts = False
    leila.tap("button", "ثبت درخواست", exact=True)
    summary = leila.page.get_by_role("alert").filter(has_text="مشکلی هست")
    expect(summary).to_be_focused()
    expect(leila.page).to_have_title(re.compile("^خطا: "))
    expect(leila.page.locator(".kept")).to_contain_text("نامه.png")
    expect(leila.page.get_by_label("نام و نام خانوادگی")).to_have_value("لیلا نمونه")
    leila.counts = True

    leila.fill("موضوع درخواست", subject)
    leila.tap("button", "ثبت درخواست", exact=True)
    return leila.read_receipt()


def look_at_receipt(page, town, reference):
    """What stands on the receipt, its picture for other phones, and the one sheet that it fills."""
    receipt = page.get_by_role("article")
    expect(receipt).to_contain_text(WATER)
    expect(receipt.locator("time").first).to_contain_text(re.compile("شنبه|جمعه"))
    expect(receipt.locator("time").first).to_contain_text("۱۴")
    assert page.url == f"{town.url}/desk/letters/{reference}/receipt/"
    if shutil.which("zbarimg"):
        picture = page.locator(".qr svg").screenshot()
        read = subprocess.run(["zbarimg", "--quiet", "--raw", "-"], input=picture, capture_output=True, timeout=60)
        assert read.stdout.decode().strip() == page.url
    with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
        [sheet] = printed.pages
        width, height = (round(float(side) / 72 * 25.4) for side in sheet.mediabox[2:])
    assert (width, height) == (148, 210)  # A5, in millimetres


def track_as_a_stranger(page, reference, mobile):
    """Code and mobile number show status and dates, and nothing of what was written."""
    page.goto("/")
    page.get_by_role("link", name="پیگیری درخواست").first.click()
    page.get_by_label("کد رهگیری").fill(reference)
    page.get_by_label("شماره تلفن همراه").fill(mobile)
    page.get_by_role("button", name="پیگیری").click()
    found = page.locator("section.letter")
    expect(found).to_contain_text("پاسخ داده شد")
    expect(page.locator("main")).not_to_contain_text("نشتی")


def test_a_forwarded_letter_leaves_one_desk_for_the_other(watch, town, sara, omid):
    subject = f"چراغ خاموش، کوچه {random.randrange(1000, 10_000)}"
    leila = Citizen(watch.window(PHONE), town, any_mobile())
    leila.enter()
    reference = leila.send_letter(subject=subject, unit=WATER, content=png())
    assert omid.status_of(reference) == 404

    sara.open_letter(subject)
    sara.forward(LIGHTS, "کار روشنایی است.")

    assert sara.status_of(reference) == 404
    omid.open_letter(subject)
    expect(omid.page.locator("main")).to_contain_text("کار روشنایی است.")
    leila.page.goto(f"/desk/letters/{reference}/")
    expect(leila.page.locator("main")).to_contain_text(LIGHTS)
    expect(leila.page.locator("main")).not_to_contain_text("کار روشنایی است.")


@pytest.mark.needs(PANGO)
def test_rules_that_the_editor_changes_hold_everywhere_at_once(watch, town):
    leila = Citizen(watch.window(PHONE), town, any_mobile())
    leila.enter()
    leila.open_form()
    cookies = leila.page.context.storage_state()
    plain = Citizen(watch.window(PHONE, javascript=False, storage_state=cookies), town, leila.mobile)
    expect(leila.page.get_by_text("تا ۱ مگابایت").first).to_be_visible()
    editor = Editor(watch.window(DESKTOP), town, "editor")
    editor.sign_in()
    try:
        editor.change_rules(kilobytes=20, kinds={"png", "pdf"})
        rules_hold_everywhere(leila, plain)
    finally:
        editor.change_rules(kilobytes=1024, kinds={"png", "zip", "pdf", "jpg"})
    leila.page.goto("/guide/")
    expect(leila.page.locator(".rules")).to_contain_text("۱ مگابایت")


def words_of_the_pdf(page):
    """What the guide's PDF says, as soon as the worker has printed it: after the pictures of a fresh run."""

    def printed():
        answer = page.request.get("/guide/pdf/")
        return answer.body() if answer.status == 200 else None

    pdf = pypdfium2.PdfDocument(wait_until(printed, "the guide's PDF", FIRST_START))
    return " ".join(part.get_textpage().get_text_range() for part in pdf)


def rules_hold_everywhere(leila, plain):
    big, kind = b"%PDF-" + bytes(30 * 1024), ".zip"
    leila.page.goto("/guide/")
    expect(leila.page.locator(".rules")).to_contain_text("۲۰ کیلوبایت")
    expect(leila.page.locator(".rules")).not_to_contain_text(kind)
    pdf = words_of_the_pdf(leila.page)
    assert "۲۰ کیلوبایت" in pdf
    assert kind not in pdf

    leila.open_form()
    field = leila.page.locator("[data-file-field]")
    expect(field.locator(".field-hint")).to_contain_text("۲۰ کیلوبایت")
    expect(field.locator(".field-hint")).not_to_contain_text(kind)
    leila.choose_file("بزرگ.pdf", big, "application/pdf")
    expect(field.get_by_role("alert")).to_contain_text("۲۰ کیلوبایت")
    leila.choose_file("نامه.zip", b"PK", "application/zip")
    expect(field.get_by_role("alert")).to_contain_text(".png .pdf")

    # The browser of this window checks nothing: what it shows is the server's word.
    for name, content, words in [("بزرگ.pdf", big, "۲۰ کیلوبایت"), ("نامه.zip", b"PK", "PNG، PDF")]:
        plain.open_form()
        plain.choose_file(name, content)
        plain.tap("button", "ثبت درخواست", exact=True)
        error = plain.page.locator("[data-file-field] .errorlist").filter(has_text=words)
        expect(error).to_be_visible()


def test_public_pages_are_light_and_fit_a_narrow_screen(watch):
    """At 320 px nothing lies beside the screen, with letters twice as large as well; a first visit costs 60 kB."""
    page = watch.window({"viewport": {"width": 320, "height": 640}})
    finished = []
    page.on("requestfinished", lambda request: finished.append(request))
    for address in ("/", "/guide/", "/general-letter/", "/desk/sign-in/", "/desk/track/", "/nowhere/"):
        page.goto(address, wait_until="load")
        page.evaluate("document.fonts.ready.then(() => true)")
        for size in ("100%", "200%"):
            page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            beside = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert beside == 0, f"{address} at {size} letters is {beside} px too wide"
        if address == "/":
            sizes = [request.sizes() for request in finished]
            assert sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes) <= 60_000
