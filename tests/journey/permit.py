"""«درخواست پروانه کسب»: a service as an editor makes it from nothing, and as he changes it later."""

from playwright.sync_api import FrameLocator, Locator, expect

from tests.journey.form_tab import FormTab, choose
from tests.journey.staff import Editor

PERMIT, UNIT = "درخواست پروانه کسب", "معابر و روشنایی"
APPLICANT, PAPERS = "متقاضی و محل کسب", "مدارک"
SHOP, NATIONAL_ID, SINCE = "نام واحد صنفی", "کد ملی متقاضی", "محل کسب از کی در اختیار شماست؟"
RENTED, OWNER = "محل کسب اجاره‌ای است؟", "نام مالک"
CARD, LEASE = "تصویر کارت ملی", "اجاره‌نامه"
NEW_SHOP, AREA = "نام مغازه یا کارگاه", "متراژ محل کسب"


def build(editor: Editor) -> FormTab:
    """Two steps, five kinds of questions, and conditions: one on the same step, one on the step before."""
    editor.begin_service(PERMIT, "برای باز کردن مغازه یا کارگاه، یا جابه‌جا کردن آن.", UNIT)
    tab = FormTab(editor.page)
    tab.add_section(APPLICANT)
    tab.let_staff_search(tab.add_question("متن کوتاه", SHOP))
    tab.add_question("کد ملی", NATIONAL_ID)
    since = tab.add_question("تاریخ", SINCE)
    since.get_by_label("کدام روزها").select_option(label="امروز یا پیش از آن")
    since.get_by_label("اولین").fill("۱۳۸۰/۰۱/۰۱")
    tab.add_question("بله یا خیر", RENTED)
    only_if_rented(tab, tab.add_question("متن کوتاه", OWNER))
    tab.add_step(PAPERS)
    tab.add_section("پیوست‌ها")
    take_only(tab.add_question("فایل", CARD, section=1), ".jpg", ".png")
    lease = tab.add_question("فایل", LEASE, section=1)
    take_only(lease, ".pdf")
    only_if_rented(tab, lease)
    # The papers are asked for one by one.
    editor.page.get_by_label("فایل بدنهٔ نامه").last.select_option(label="پرسیده نمی‌شود")
    tab.save()
    return tab


def only_if_rented(tab: FormTab, question: Locator):
    rule = tab.add_rule(question)
    choose(rule, "question", RENTED)
    choose(rule, "value", "بله")


def take_only(question: Locator, *kinds: str):
    for box in question.get_by_role("checkbox").all()[:6]:
        box.uncheck()
    for kind in kinds:
        question.get_by_label(kind).check()


def look_at(preview: FrameLocator):
    """The form with both steps one below the other, as a citizen would see it."""
    rented = preview.get_by_role("group", name=RENTED)
    for label in (OWNER, LEASE):
        expect(preview.get_by_label(label)).to_be_hidden()
    rented.get_by_label("بله").check()
    for label in (OWNER, LEASE, CARD):
        expect(preview.get_by_label(label)).to_be_visible()


def change(editor: Editor):
    """One question gets other words, one goes, one comes; then off to review."""
    tab = FormTab(editor.page, editor.number_of(PERMIT))
    tab.called(SHOP).get_by_label("پرسش").first.fill(NEW_SHOP)
    tab.remove(tab.called(OWNER))
    tab.add_question("عدد", AREA)
    editor.do("action-submit")
