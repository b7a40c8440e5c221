"""«ثبت حضوری»: the form of a paper letter, its slip, and the answer for those who have no mobile number."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.users.models import UserProfile

from servicedesk.models import Attachment, Letter, OutgoingMessage, ServicePage, UnitMembership, User
from servicedesk.qr_code import qr_svg
from servicedesk.staff.counter_form import receiving_units
from tests import factories
from tests.questions import route

from .conftest import at, keyed, page_of

pytestmark = pytest.mark.django_db
NEW = "/admin/desk/new/"


def scan(name="صفحه.png", width=40):
    return SimpleUploadedFile(name, factories.png(width), "image/png")


@pytest.fixture
def filled(service, water):
    """``filled(mobile="…")``: the fields of a form that will do, with one scan."""

    def fields(**values):
        usual = {
            "sender_name": "رستم نمونه",
            "mobile": "۰۹۱۲ ۱۱۱ ۲۲۳۳",
            "contact": "",
            "subject": "لولهٔ شکسته",
            "service": str(service.pk),
            "unit": str(water.pk),
            "scans": [scan()],
        }
        return keyed(**(usual | values))

    return fields


@pytest.fixture
def registrar(db):
    user = factories.make_staff("registrar")
    user.user_permissions.add(user._meta.apps.get_model("auth", "Permission").objects.get(codename="keep_registry"))
    return user


def letter_of(response):
    assert response.status_code in (302, 303), page_of(response)
    return Letter.objects.get(reference=response["Location"].split("/")[-3])


def said(response):
    """The sentences of what is wrong, as the summary has them."""
    summary = re.search(r"help-critical.*?<ul>(.*?)</ul>", response.content.decode(), re.S)
    return re.findall(r">([^<>]{3,})<", summary.group(1)) if summary else []


class TestForm:
    def test_a_letter_is_entered_and_its_slip_stands_there(self, signed_in, sara, filled, water):
        browser = signed_in(sara)
        response = browser.post(NEW, filled())
        letter = letter_of(response)
        assert (letter.channel, letter.entered_by, letter.unit) == ("counter", sara, water)
        assert letter.citizen.mobile == "+989121112233"
        assert len(letter.body_files) == 1
        assert OutgoingMessage.objects.get().recipient == "+989121112233"
        slip = page_of(browser.get(response["Location"]))
        assert "رستم نمونه" in slip
        assert "لولهٔ شکسته" in slip

    def test_sent_twice_it_makes_one(self, signed_in, sara, filled):
        browser = signed_in(sara)
        key = str(uuid.uuid4())
        places = {browser.post(NEW, filled(form_key=key))["Location"] for _ in range(2)}
        assert len(places) == Letter.objects.count() == 1

    def test_without_a_mobile_another_way_to_the_sender_is_wanted(self, signed_in, sara, filled):
        browser = signed_in(sara)
        refused = browser.post(NEW, filled(mobile=""))
        assert refused.status_code == 422
        assert said(refused) == ["بدون تلفن همراه، نشانی یا تلفنی بنویسید که پاسخ به آن برسد."]
        letter = letter_of(browser.post(NEW, filled(mobile="", contact="خیابان ۳")))
        assert (letter.citizen, letter.contact) == (None, "خیابان ۳")
        assert not User.citizens.exists()

    def test_nothing_typed_and_no_scan_is_lost(self, signed_in, sara, filled):
        browser = signed_in(sara)
        key = str(uuid.uuid4())
        refused = browser.post(NEW, filled(form_key=key, mobile="021", subject="", contact="خیابان ۳"))
        assert refused.status_code == 422
        assert len(said(refused)) == 2
        page = refused.content.decode()
        for kept in (key, 'value="021"', 'value="رستم نمونه"', 'value="خیابان ۳"', "<bdi>صفحه.png</bdi>"):
            assert kept in page
        letter = letter_of(browser.post(NEW, filled(form_key=key, scans=[scan("دو.png", 50)])))
        assert [file.name for file in letter.body_files] == ["صفحه.png", "دو.png"]

    def test_a_scan_is_wanted(self, signed_in, sara, filled):
        assert said(signed_in(sara).post(NEW, filled(scans=[]))) == ["دست‌کم یک تصویر از نامه پیوست کنید."]
        assert not Letter.objects.exists()

    def test_of_six_scans_five_are_kept_and_the_sixth_is_named(self, signed_in, sara, filled):
        browser = signed_in(sara)
        key = str(uuid.uuid4())
        six = [scan(f"{number}.png", 40 + number) for number in range(6)]
        refused = browser.post(NEW, filled(form_key=key, scans=six))
        assert ["5.png" in sentence for sentence in said(refused)] == [True]
        assert Attachment.objects.kept_for(sara, key).count() == 5
        assert len(letter_of(browser.post(NEW, filled(form_key=key, scans=[]))).body_files) == 5

    def test_the_same_scan_twice_is_one(self, signed_in, sara, filled):
        assert len(letter_of(signed_in(sara).post(NEW, filled(scans=[scan(), scan()]))).body_files) == 1

    def test_a_refused_scan_is_named_and_the_others_stay(self, signed_in, sara, filled):
        key = str(uuid.uuid4())
        wrong = SimpleUploadedFile("شعر.exe", b"MZ", "application/octet-stream")
        refused = signed_in(sara).post(NEW, filled(form_key=key, scans=[scan(), wrong]))
        assert ["شعر.exe" in sentence for sentence in said(refused)] == [True]
        assert Attachment.objects.kept_for(sara, key).count() == 1

    def test_the_rules_of_the_service_hold_for_what_was_kept_before(self, signed_in, sara, filled):
        strict = factories.make_service("فقط پی‌دی‌اف", "only-pdf", file_kinds=["pdf"])
        browser = signed_in(sara)
        key = str(uuid.uuid4())
        browser.post(NEW, filled(form_key=key, subject=""))
        refused = browser.post(NEW, filled(form_key=key, service=str(strict.pk), scans=[]))
        assert ["صفحه.png" in sentence for sentence in said(refused)] == [True]
        assert not Letter.objects.exists()

    def test_a_kept_scan_is_removed_without_a_word_about_the_rest(self, signed_in, sara, filled):
        browser = signed_in(sara)
        key = str(uuid.uuid4())
        browser.post(NEW, filled(form_key=key, subject=""))
        kept = Attachment.objects.get()
        answer = browser.post(NEW, filled(form_key=key, subject="", scans=[], remove_file=str(kept.pk)))
        assert (answer.status_code, said(answer)) == (200, [])
        assert not Attachment.objects.exists()
        assert 'value="رستم نمونه"' in answer.content.decode()

    def test_what_the_scanner_found_is_told_once(self, signed_in, sara, filled):
        browser = signed_in(sara)
        key = str(uuid.uuid4())
        browser.post(NEW, filled(form_key=key, subject=""))
        Attachment.objects.update(state="removed")
        refused = browser.post(NEW, filled(form_key=key, scans=[scan("دو.png", 50)]))
        assert ["صفحه.png" in sentence for sentence in said(refused)] == [True]
        assert [file.name for file in letter_of(browser.post(NEW, filled(form_key=key, scans=[]))).body_files] == [
            "دو.png"
        ]

    def test_a_form_without_its_key_keeps_what_was_typed(self, signed_in, sara, filled):
        refused = signed_in(sara).post(NEW, filled(form_key="x"))
        assert refused.status_code == 422
        assert 'value="رستم نمونه"' in refused.content.decode()


class TestWho:
    def test_a_reader_and_somebody_without_a_unit_may_not(self, signed_in, water, editor, filled):
        reader = factories.make_staff("reader")
        UnitMembership.objects.create(unit=water, user=reader, role="reader")
        for person in (reader, editor):
            browser = signed_in(person)
            assert browser.get(NEW).status_code == 403
            assert browser.post(NEW, filled()).status_code == 403
            assert NEW not in browser.get("/admin/desk/").content.decode()
        assert not Letter.objects.exists()

    def test_a_clerk_enters_for_his_own_units_alone(self, signed_in, sara, roads, filled):
        browser = signed_in(sara)
        assert NEW in browser.get("/admin/desk/").content.decode()
        assert str(roads) not in page_of(browser.get(NEW))
        assert browser.post(NEW, filled(unit=str(roads.pk))).status_code == 422

    def test_a_registrar_enters_for_any(self, signed_in, registrar, roads, filled):
        assert letter_of(signed_in(registrar).post(NEW, filled(unit=str(roads.pk)))).unit == roads

    def test_only_units_of_the_service(self, signed_in, registrar, water, roads, filled):
        narrow = factories.make_service("حفاری", "digging")
        narrow.units.add(roads)
        narrow.save()
        refused = signed_in(registrar).post(NEW, filled(service=str(narrow.pk), unit=str(water.pk)))
        assert said(refused) == [f"نامه‌های این خدمت به این واحدها می‌رود: {roads}"]

    def test_services_for_none_of_his_units_are_not_offered(self, signed_in, sara, omid, roads, service):
        narrow = factories.make_service("حفاری", "digging")
        narrow.units.add(roads)
        narrow.save()
        assert ["حفاری" in page_of(signed_in(person).get(NEW)) for person in (sara, omid)] == [False, True]

    def test_who_can_enter_nothing_is_told_why(self, signed_in, sara, water):
        water.is_active = False
        water.save()
        assert "خدمتی نیست که نامه‌اش را ثبت کنید" in page_of(signed_in(sara).get(NEW))

    def test_letters_come_outside_the_hours_of_a_service_too(self, signed_in, sara, service, filled):
        ServicePage.objects.filter(pk=service.pk).update(closes_at=timezone.now())
        letter_of(signed_in(sara).post(NEW, filled()))

    def test_what_takes_no_letters_is_not_offered(self, signed_in, sara, service, filled):
        ServicePage.objects.filter(pk=service.pk).update(accepts_letters=False)
        assert signed_in(sara).post(NEW, filled()).status_code == 422


def test_the_units_of_many_services_are_those_of_each(water, roads, service):
    off = factories.make_unit("خاموش")
    chosen, routed, lost = (factories.make_service(name, name) for name in ("chosen", "routed", "lost"))
    chosen.units.set([roads, off])
    lost.units.set([off])
    routed.routing = [route(water), route(off)]
    for page in (chosen, routed, lost):
        page.save()
    off.is_active = False
    off.save()
    pages = ServicePage.objects.order_by("pk")
    each = {page: set(page.receiving_units().values_list("pk", flat=True)) for page in pages}
    assert receiving_units(pages) == each
    assert each[routed] == {water.pk}


class TestSlip:
    @pytest.fixture
    def entered(self, signed_in, sara, filled):
        """``entered(mobile="")``: sara's browser, and the letter that was entered in it."""

        def enter(**values):
            browser = signed_in(sara)
            return browser, letter_of(browser.post(NEW, filled(**values)))

        return enter

    def test_with_a_mobile_it_leads_to_the_tracking_page(self, entered, client):
        browser, letter = entered()
        response = browser.get(at("slip", letter))
        slip = page_of(response)
        assert "/desk/track/" in slip
        assert "<svg" in response.content.decode()
        assert "خیابان" not in slip
        assert "912" not in slip
        tracking = client.get(f"/desk/track/?reference={letter.reference}").content.decode()
        assert f'value="{letter.reference}"' in tracking

    def test_without_one_it_says_where_to_ask(self, entered, water):
        water.telephone = "021 5555"
        water.save()
        browser, letter = entered(mobile="", contact="خیابان ۳")
        slip = page_of(browser.get(at("slip", letter)))
        assert "/desk/track/" not in slip
        assert "۰۲۱ ۵۵۵۵" in slip

    def test_a_telephone_reads_its_picture(self):
        """A Micro QR code, which a short text would become, is smaller than 21 squares a side."""
        side = int(re.search(r'viewBox="0 0 (\d+) ', qr_svg("1234567890", scale=1, border=0)).group(1))
        assert side >= 21

    def test_it_is_in_the_language_of_the_letter(self, entered, sara):
        browser, letter = entered()
        UserProfile.objects.update_or_create(user=sara, defaults={"preferred_language": "en"})
        page = browser.get(at("slip", letter)).content.decode()
        assert "Enter the next letter" in page
        assert 'lang="fa" dir="rtl"' in page
        assert "رسید ثبت حضوری نامه" in page

    def test_the_answer_is_printed_with_it(self, entered, sara):
        browser, letter = entered(mobile="", contact="خیابان ۳")
        said = browser.post(at("answer", letter), keyed(text="لوله عوض شد."), follow=True)
        assert "این شهروند موبایل ندارد: آن را چاپ کنید" in page_of(said)
        letter.correct_answer(by=sara, text="لوله و شیر عوض شد.")
        slip = page_of(browser.get(at("slip", letter)))
        assert "لوله و شیر عوض شد." in slip
        assert "لوله عوض شد." not in slip

    def test_what_was_told_meanwhile_is_printed_with_it_in_its_order(self, entered, sara):
        browser, letter = entered(mobile="", contact="خیابان ۳")
        letter.answer_meanwhile(by=sara, text="بازدید شد.", file=factories.make_attachment(sara, name="عکس.png"))
        letter.answer_meanwhile(by=sara, text="قطعه سفارش شد.")
        slip = page_of(browser.get(at("slip", letter)))
        assert slip.index("بازدید شد.") < slip.index("عکس.png") < slip.index("قطعه سفارش شد.")
        assert slip.count("پاسخ میانی") == 2
        # It is no answer yet: until when one is promised, and how to ask after it, is still on it.
        assert "رسید ثبت حضوری نامه" in slip
        assert "برای پیگیری" in slip
        assert "رسید و پاسخ، برای چاپ" in page_of(browser.get(at("letter", letter)))
        letter.answer(by=sara, text="لوله عوض شد.")
        slip = page_of(browser.get(at("slip", letter)))
        assert slip.index("بازدید شد.") < slip.index("قطعه سفارش شد.") < slip.index("لوله عوض شد.")

    def test_answers_cost_the_slip_nothing_more(self, entered, sara):
        browser, letter = entered()

        def asked():
            browser.get(at("slip", letter)), browser.get(at("slip", letter))
            with CaptureQueriesContext(connection) as caught:
                assert browser.get(at("slip", letter)).status_code == 200
            return len(caught)

        letter.answer_meanwhile(by=sara, text="خبر", file=factories.make_attachment(sara))
        few = asked()
        for number in range(4):
            letter.answer_meanwhile(by=sara, text=f"خبر {number}", file=factories.make_attachment(sara))
        assert asked() == few <= 15

    def test_the_reason_of_a_closed_letter_is_printed_with_it(self, entered, sara):
        browser, letter = entered(mobile="", contact="خیابان ۳")
        letter.close(by=sara, text="نامه تکراری است.")
        assert "نامه تکراری است." in page_of(browser.get(at("slip", letter)))

    def test_no_internal_word_is_on_it(self, entered, sara):
        browser, letter = entered()
        letter.note(by=sara, text="یادداشت پنهان")
        letter.answer_meanwhile(by=sara, text="میانی")
        slip = page_of(browser.get(at("slip", letter)))
        assert "پنهان" not in slip

    def test_other_units_have_no_slip_of_it(self, entered, signed_in, omid):
        _, letter = entered()
        assert signed_in(omid).get(at("slip", letter)).status_code == 404

    def test_whoever_looks_at_it_is_written_down(self, entered, signed_in, admin_user):
        _, letter = entered()
        signed_in(admin_user).get(at("slip", letter))
        assert letter.staff_views.filter(user=admin_user).exists()

    def test_a_letter_from_the_site_has_none(self, signed_in, sara, letter):
        assert signed_in(sara).get(at("slip", letter))["Location"] == at("letter", letter)
        assert at("slip", letter) not in signed_in(sara).get(at("letter", letter)).content.decode()

    def test_the_letters_page_says_who_cannot_read_the_answer(self, entered):
        for mobile, contact, is_said in (("", "خیابان ۳", True), ("09121112233", "", False)):
            browser, letter = entered(mobile=mobile, contact=contact)
            page = page_of(browser.get(at("letter", letter)))
            assert ("این شهروند موبایل ندارد: پیامکی نمی‌گیرد" in page) == is_said
            assert ("پس از آن پاسخ را چاپ کنید" in page) == is_said
            assert at("slip", letter) in browser.get(at("letter", letter)).content.decode()


def test_a_code_of_the_tracking_address_is_a_code(client):
    assert "<b>" not in client.get("/desk/track/?reference=<b>12").content.decode()
    assert 'value="12"' not in client.get("/desk/track/?reference=12").content.decode()


def test_form_and_slip_ask_at_most_fifteen_things_however_many_services_there_are(
    signed_in, sara, filled, water, roads, service
):
    browser = signed_in(sara)
    letter = letter_of(browser.post(NEW, filled()))

    def asked(address):
        browser.get(address), browser.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(address).status_code == 200
        return len(caught)

    few = [asked(NEW), asked(at("slip", letter))]
    for number in range(8):
        page = factories.make_service(f"خدمت {number}", f"service-{number}")
        page.units.set([water, roads])
        page.routing = [route(water)]
        page.save()
    assert [asked(NEW), asked(at("slip", letter))] == few
    assert max(few) <= 15
