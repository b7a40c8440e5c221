"""The help guide: numbers, anchors, the live rules, version and date."""

import re
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from home.blocks.guide import SectionsBlock
from home.models import GuidePage
from home.seed.blocks import note, paragraph, rules, section, steps, subsection
from servicedesk.models import DeskSettings

pytestmark = pytest.mark.django_db


def page_text(client, address="/guide/"):
    """What a reader sees, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", client.get(address).content.decode()))


def links_and_places(client):
    page = client.get("/guide/").content.decode()
    contents = re.search(r'<nav class="contents".*?</nav>', page, re.S).group()
    return re.findall(r'href="#([^"]+)"', contents), re.findall(r'<section [^>]*id="([^"]+)"', page)


def test_shows_what_an_editor_entered(client, guide, publish):
    content = [paragraph("بند نخست"), note("نکتهٔ مهم"), steps(("کار اول", "شرح کار"))]
    sections = [section("سرفصل", "one", *content, parts=[subsection("ریز", "one-a", paragraph("متن ریز"))])]
    publish(guide, title="راهنمای تازه", introduction="سلام", sections=sections)
    words = page_text(client)
    for expected in ("راهنمای تازه", "سلام", "سرفصل", "بند نخست", "نکتهٔ مهم", "کار اول", "شرح کار", "ریز", "متن ریز"):
        assert expected in words


def test_numbers_are_persian_and_follow_the_order(client, guide, publish):
    sections = [section("الف", "a"), section("ب", "b", parts=[subsection("پ", "c"), subsection("ت", "d")])]
    publish(guide, sections=sections)
    words = page_text(client)
    assert "۱ الف" in words
    assert "۲ ب" in words
    assert "۲-۲ ت" in words


def test_contents_lead_to_every_section(client, filled):
    links, places = links_and_places(client)
    assert len(links) >= 12
    assert links == places
    assert len(set(links)) == len(links)


def test_anchor_stays_when_a_section_is_renamed_and_moved(client, guide, publish):
    publish(guide, sections=[section("اول", ""), section("دوم", ""), section("سوم", "third")])
    before = links_and_places(client)[0][:3]
    blocks = list(guide.sections.raw_data)
    blocks[0]["value"]["title"] = "نام تازه"
    publish(guide, sections=[blocks[2], blocks[1], blocks[0]])
    after = links_and_places(client)[0]
    assert after[:3] == before[2::-1]
    assert before[2] == "third"


def test_anchor_used_twice_is_refused():
    block = SectionsBlock()
    value = block.to_python([section("اول", "same"), section("دوم", "", parts=[subsection("ریز", "same")])])
    with pytest.raises(ValidationError) as refusal:
        block.clean(value)
    assert list(refusal.value.block_errors) == [1]


@pytest.mark.parametrize("anchor", ["ورود", "Sign-In", "1st", "two words"])
def test_anchor_that_would_not_survive_in_a_link_is_refused(anchor):
    block = SectionsBlock()
    with pytest.raises(ValidationError):
        block.clean(block.to_python([section("اول", anchor)]))


@pytest.mark.parametrize("address", ["/guide/", "/general-letter/"])
def test_rules_follow_the_settings_at_once(client, address):
    assert "۱ مگابایت" in page_text(client, address)
    desk = DeskSettings.load()
    desk.body_file_kilobytes, desk.body_file_kinds, desk.text_length = 640, ["pdf"], 120
    desk.save()
    words = page_text(client, address)
    assert "۶۴۰ کیلوبایت" in words
    assert "۱۲۰" in words
    assert ".pdf" in words
    assert ".png" not in words


def test_rules_in_english(client, guide, publish):
    english = GuidePage.objects.get(locale__language_code="en")
    publish(english, sections=[section("Sending", "send", rules("Rules"))])
    assert "up to 1 MB" in page_text(client, "/en/guide/")


def test_version_and_date_of_what_is_shown(client, guide, publish):
    publish(guide, version="2.1")
    GuidePage.objects.update(last_published_at=datetime(2026, 3, 20, 21, 0, tzinfo=UTC))
    words = page_text(client)
    assert "۲.۱" in words
    # Half past midnight in Tehran: the next day, and of the next year.
    assert "۱ فروردین ۱۴۰۵" in words


def test_draft_does_not_change_what_is_shown(client, guide):
    before = client.get("/guide/").content
    guide.title = "پیش‌نویس"
    guide.save_revision()
    after = client.get("/guide/").content
    assert "پیش‌نویس" not in after.decode()
    assert re.sub(rb"nonce[^ ]*", b"", after) == re.sub(rb"nonce[^ ]*", b"", before)
