"""«چه چیزی تغییر کرد»: what readers of the guide are told about its last publications."""

import json
import re
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import PageLogEntry, Revision

from home.models import RulesSeen
from home.seed.blocks import note, paragraph, section, subsection
from servicedesk.models import DeskSettings

pytestmark = pytest.mark.django_db


def entries(client, address="/guide/"):
    """What stands in the list, one text an entry, newest first; links as [words](#anchor)."""
    page = client.get(address).content.decode()
    found = re.search(r'<section class="guide-section changes".*?</section>', page, re.S)
    if not found:
        return []
    html = re.sub(r'<a href="(#[^"]+)">(.*?)</a>', r"[\2](\1)", found.group())
    texts = re.findall(r"<h3>(.*?)(?=<h3>|</section>)", html, re.S)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).strip() for text in texts]


@pytest.fixture
def two_sections(guide, publish):
    """A guide that was published once, with ids in its blocks."""
    parts = [subsection("ریز", "part", paragraph("متن ریز"))]
    publish(guide, version="1.0", sections=[section("یک", "one", paragraph("متن")), section("دو", "two", parts=parts)])
    return guide


def blocks(guide):
    guide.refresh_from_db()
    return guide.sections.get_prep_value()


def test_the_first_publication_says_so(client, two_sections):
    [entry] = entries(client)
    assert "نخستین بار" in entry
    assert "۱.۰" in entry


def test_a_guide_that_was_never_published_by_anybody_says_nothing(client, guide):
    assert entries(client) == []


def test_names_what_was_added_removed_renamed_and_changed(client, two_sections, publish):
    now = blocks(two_sections)
    now[0]["value"]["title"] = "یک نو"
    now[1]["value"]["subsections"][0]["content"][0]["value"] = "<p>متن دیگر</p>"
    publish(two_sections, version="1.1", sections=[now[1], now[0], section("سه", "three")])
    entry = entries(client)[0]
    assert "نام تازه: [یک نو](#one) (پیش‌تر: یک )" in entry.replace("یک)", "یک )")
    assert "تغییر کرد: [ریز](#part)" in entry
    assert "تازه: [سه](#three)" in entry
    assert "۱.۱" in entry
    assert "[دو]" not in entry  # Moved, not changed.
    publish(two_sections, version="1.2", sections=[now[0]])
    entry = entries(client)[0]
    assert "برداشته شد: دو" in entry
    assert "(#two)" not in entry
    assert len(entries(client)) == 3


def test_a_link_leads_only_to_where_something_still_is(client, two_sections, publish):
    now = blocks(two_sections)
    publish(two_sections, sections=[*now, section("گذرا", "passing")])
    assert "[گذرا](#passing)" in entries(client)[0]
    publish(two_sections, sections=now)
    assert not any("(#passing)" in entry for entry in entries(client))


def test_an_editors_sentence_is_told_once(client, two_sections, publish):
    now = blocks(two_sections)
    publish(two_sections, change_note="راه تازه‌ای برای ورود باز شد.", sections=[*now, section("سه", "three")])
    assert "راه تازه‌ای برای ورود باز شد." in entries(client)[0]
    # It is left standing in the field, and another publication follows.
    publish(two_sections, sections=[*blocks(two_sections), section("چهار", "four")])
    newest, before, *_ = entries(client)
    assert "چهار" in newest
    assert "راه تازه" not in newest
    assert "راه تازه" in before


def test_drafts_and_publications_without_a_change_are_not_told(client, two_sections, publish):
    before = entries(client)
    two_sections.sections = [("section", {"title": "پیش‌نویس", "anchor": "draft", "content": [], "subsections": []})]
    two_sections.save_revision()
    two_sections.refresh_from_db()
    publish(two_sections, title="راهنما")
    assert entries(client) == before


def test_a_scheduled_publication_is_told(client, two_sections):
    two_sections.sections = json.dumps([*blocks(two_sections), section("فردا", "tomorrow", note("نکته"))])
    two_sections.go_live_at = timezone.now() + timedelta(seconds=1)
    two_sections.save_revision().publish()
    assert not any("فردا" in entry for entry in entries(client))
    time.sleep(1)
    call_command("publish_scheduled")
    assert "تازه: [فردا](#tomorrow)" in entries(client)[0]


def test_purged_revisions_take_their_entries_along_and_nothing_else(client, two_sections, publish):
    for number in range(3):
        publish(two_sections, sections=[*blocks(two_sections), section(f"بخش {number}", f"part-{number}")])
    assert len(entries(client)) == 4
    Revision.objects.page_revisions().filter(object_id=str(two_sections.pk)).order_by("pk").first().delete()
    assert len(entries(client)) == 2
    assert not any("نخستین بار" in entry for entry in entries(client))
    call_command("purge_revisions")
    assert client.get("/guide/").status_code == 200
    assert entries(client) == []
    PageLogEntry.objects.all().delete()
    assert client.get("/guide/").status_code == 200


def test_only_the_last_few_are_kept_in_the_list(client, two_sections, publish):
    for number in range(7):
        publish(two_sections, sections=[*blocks(two_sections), section(f"بخش {number}", f"part-{number}")])
    shown = entries(client)
    assert len(shown) == 5
    assert "بخش 6" in shown[0]


def test_a_change_of_the_limits_is_told_too(client, two_sections):
    RulesSeen.look()
    desk = DeskSettings.load()
    desk.body_file_kilobytes, desk.body_file_kinds, desk.text_length = 2048, ["pdf"], 150
    desk.save()
    RulesSeen.look()
    RulesSeen.look()
    entry, *others = entries(client)
    assert "۲ مگابایت به جای ۱ مگابایت" in entry
    assert "۱۵۰ نویسه به جای ۲۰۰" in entry
    assert "قالب‌های فایل از این پس: .pdf" in entry
    assert len(others) == 1


def test_in_english(client, two_sections, publish):
    english = type(two_sections).objects.get(locale__language_code="en")
    publish(english, sections=[section("Sending", "send")])
    publish(english, sections=[*blocks(english), section("More", "more")])
    assert "New: [More](#more)" in entries(client, "/en/guide/")[0]
