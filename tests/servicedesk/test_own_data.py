"""«همه داده‌های من»: everything of one's own, nothing of anybody else's."""

import io
import json
import zipfile

import pytest
from django.core.files.storage import storages

from servicedesk import own_data
from servicedesk.models import Draft, FormVersion, OutgoingMessage
from tests import factories
from tests.questions import answered_letter, make_form_service, question, section

pytestmark = pytest.mark.django_db
PAGE = "/desk/my-data/"


def fetched(browser, address=PAGE):
    """(response, {name: bytes}) of the ZIP."""
    response = browser.post(address)
    assert response.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert archive.testzip() is None
    return response, {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def letter(leila, water, service, sara):
    letter = factories.make_letter(leila, water, service=service, subject="چراغ <کوچه>", sender_name="لیلا قناری")
    letter.note(by=sara, text="یادداشتِ درونی")
    letter.answer(by=sara, text="پاسخِ نهایی", file=factories.make_attachment(sara, name="پاسخ.png"))
    return letter


def test_all_of_it_is_in_the_file(signed_in, leila, letter):
    response, files = fetched(signed_in(leila))
    data = json.loads(files["data.json"])
    assert data["account"]["mobile"] == leila.mobile
    [session] = data["sessions"]
    assert session["began_at"]
    [told] = data["letters"]
    assert (told["tracking_code"], told["subject"], told["full_name"]) == (
        letter.reference,
        "چراغ <کوچه>",
        "لیلا قناری",
    )
    assert [answer["text"] for answer in told["answers"]] == ["پاسخِ نهایی"]
    assert len(told["timeline"]) == 2
    assert [sms["to"] for sms in told["sms"]] == [leila.mobile] * 2
    assert all(letter.reference in sms["text"] for sms in told["sms"])
    page = files["index.html"].decode()
    for words in ("لیلا قناری", "پاسخِ نهایی", "چراغ &lt;کوچه&gt;", 'dir="rtl"', "آذر ۱۴۰۵"):
        assert words in page, words
    pictures = {name: content for name, content in files.items() if name.startswith("files/")}
    assert len(pictures) == 2
    for file in letter.attachments.all():
        with file.open() as content:
            assert content.read() in pictures.values()
    [own] = told["files"]
    assert pictures[own["in_this_archive"]]
    assert own["in_this_archive"] in page


def test_no_cache_keeps_it_and_no_browser_shows_it(signed_in, leila, letter):
    response, _ = fetched(signed_in(leila))
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_nothing_that_staff_wrote_for_each_other_and_nothing_of_others(signed_in, leila, kaveh, letter, roads, service):
    factories.make_letter(kaveh, roads, service=service, subject="رازِ کاوه")
    for person, absent in ((leila, ("یادداشتِ درونی", "رازِ کاوه", "sara", kaveh.mobile)), (kaveh, ("قناری",))):
        _, files = fetched(signed_in(person))
        text = (files["data.json"] + files["index.html"]).decode()
        for words in absent:
            assert words not in text, words
    # Nor what opens a session.
    browser = signed_in(leila)
    _, files = fetched(browser)
    assert browser.session.session_key not in files["data.json"].decode()


def test_a_file_that_is_not_released_is_named_and_not_in_it(signed_in, leila, letter):
    letter.attachments.update(state="pending")
    _, files = fetched(signed_in(leila))
    assert not [name for name in files if name.startswith("files/")]
    [told] = json.loads(files["data.json"])["letters"]
    assert (told["files"][0]["name"], told["files"][0]["in_this_archive"]) == ("نامه.png", "")


def test_a_store_that_is_away_costs_the_files_only(signed_in, leila, letter):
    for file in letter.attachments.all():
        storages["letters"].remove(file.path)
    _, files = fetched(signed_in(leila))
    [told] = json.loads(files["data.json"])["letters"]
    assert told["files"][0]["in_this_archive"] == ""
    assert not [name for name in files if name.startswith("files/")]


def test_very_many_files_are_bounded_newest_first(signed_in, leila, letter, monkeypatch):
    newest = letter.attachments.order_by("-created_at").first()
    monkeypatch.setattr(own_data, "MOST_FILE_BYTES", newest.size)
    _, files = fetched(signed_in(leila))
    assert len([name for name in files if name.startswith("files/")]) == 1


def test_texts_of_sms_are_there_as_long_as_we_have_them(signed_in, leila, letter):
    OutgoingMessage.objects.update(text="", recipient="")
    _, files = fetched(signed_in(leila))
    assert [sms["text"] for sms in json.loads(files["data.json"])["letters"][0]["sms"]] == ["", ""]


def test_it_can_be_fetched_three_times_an_hour(signed_in, leila, letter):
    browser = signed_in(leila)
    for _time in range(3):
        fetched(browser)
    assert browser.post(PAGE).status_code == 429


def test_looking_at_the_page_makes_nothing(signed_in, leila):
    for _time in range(5):
        assert signed_in(leila).get(PAGE).status_code == 200


def test_in_english_it_is_english(signed_in, leila, letter):
    _, files = fetched(signed_in(leila), f"/en{PAGE}")
    assert '<html lang="en" dir="ltr">' in files["index.html"].decode()
    assert json.loads(files["data.json"])["letters"][0]["status"] == "Answered"


def test_staff_and_strangers_have_no_such_page(signed_in, sara, client):
    for browser in (client, signed_in(sara)):
        assert browser.post(PAGE).status_code == 303
        assert browser.get(PAGE).status_code == 302


@pytest.fixture
def asked():
    return {
        "trade": question("choice", "نوع <کار>", choices={"a": "نانوایی", "b": "آرایشگاه"}),
        "days": question("choices", "روزها", choices={"sat": "شنبه", "sun": "یکشنبه"}),
        "where": question("address", "نشانی مغازه"),
        "deed": question("file", "سند مغازه", required=False),
    }


@pytest.fixture
def permit(asked):
    return make_form_service(section(*asked.values(), title="درباره مغازه"))


def test_answers_stand_with_their_questions_and_files_with_theirs(signed_in, leila, water, permit, asked):
    deed = factories.make_attachment(leila, name="سند.png", question=asked["deed"]["id"])
    answers = {"trade": "b", "where": {"city": "یزد", "street": "کوچه ۲"}, "deed": ["سند.png"]}
    answered_letter(leila, water, permit, asked, answers, files=(deed,))
    _, files = fetched(signed_in(leila))
    [told] = json.loads(files["data.json"])["letters"]
    assert [file["name"] for file in told["files"]] == ["نامه.png"]
    [form] = told["form"]
    assert form["section"] == "درباره مغازه"
    rows = {row["label"]: row for row in form["questions"]}
    assert [row["answer"] for row in rows.values()] == ["آرایشگاه", "", "یزد\nکوچه ۲", "سند.png"]
    [file] = rows["سند مغازه"]["files"]
    assert files[file["in_this_archive"]] == factories.png()
    page = files["index.html"].decode()
    for words in ("درباره مغازه", "نوع &lt;کار&gt;", "آرایشگاه", "کوچه ۲", file["in_this_archive"]):
        assert words in page, words


def test_what_was_begun_and_not_sent_is_in_it(signed_in, leila, kaveh, water, permit, asked):
    def begun(citizen, **typed):
        file = factories.make_attachment(citizen, name="پیش‌سند.png", question=asked["deed"]["id"])
        typed = {name.replace("__", "-"): values for name, values in typed.items()}
        version = FormVersion.current(permit)
        Draft.keep(citizen=citizen, form_key=file.form_key, service=permit, version=version, typed=typed, step=1)

    trade, days, where = (f"q-{asked[key]['id']}" for key in ("trade", "days", "where"))
    typed = {trade: ["a"], days: ["sat", "sun"], f"{where}-city": ["یزد"], f"{where}-street": [" "]}
    begun(leila, subject=["نیمه‌کاره"], sender_name=[""], unit=[str(water.pk)], **typed, gone=["از پرسشی کهنه"])
    begun(kaveh, subject=["رازِ کاوه"])
    loose = factories.make_attachment(leila, name="تنها.png")
    _, files = fetched(signed_in(leila))
    data = json.loads(files["data.json"])
    [draft] = data["drafts"]
    assert [(row["label"], row["typed"]) for row in draft["typed"]] == [
        ("موضوع درخواست", ["نیمه‌کاره"]),
        ("واحد سازمانی مخاطب", ["آب و فاضلاب"]),
        ("نوع <کار>", ["نانوایی"]),
        ("روزها", ["شنبه", "یکشنبه"]),
        ("نشانی مغازه", ["یزد", " "]),
        ("", ["از پرسشی کهنه"]),
    ]
    assert [(file["label"], file["name"]) for file in draft["files"]] == [("سند مغازه", "پیش‌سند.png")]
    assert [file["name"] for file in data["unsent_files"]] == [loose.name]
    page = files["index.html"].decode()
    for words in ("نیمه‌کاره", "نانوایی", "یکشنبه", "پیش‌سند.png", "از پرسشی کهنه", "تنها.png", "درخواست پروانه"):
        assert words in page, words
    assert "رازِ کاوه" not in page + files["data.json"].decode()
