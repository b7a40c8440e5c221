"""What editors find in the page editor: every block explained and shown, and checks that speak Persian."""

import json
import re

import pytest
from django.urls import reverse
from wagtail.admin.icons import get_icons
from wagtail.blocks import BaseStreamBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import get_page_models

from home.models import HomePage
from home.seed.blocks import paragraph, screen, section
from servicedesk.models import ServicePage
from tests import factories

pytestmark = pytest.mark.django_db


def streams():
    for model in get_page_models():
        for field in model._meta.get_fields():
            if isinstance(field, StreamField) and field.model is model:
                yield f"{model.__name__}.{field.name}", field.stream_block


def offered(block):
    """The blocks that the editor's menus offer, at any depth."""
    for child in getattr(block, "child_blocks", {}).values():
        if isinstance(block, BaseStreamBlock):
            yield child
        yield from offered(child)
    if hasattr(block, "child_block"):
        yield from offered(block.child_block)


def test_every_block_has_a_name_words_and_an_icon_that_exists():
    icons = set(re.findall(r'id="icon-([\w-]+)"', get_icons()))
    for place, stream in streams():
        for block in offered(stream):
            if isinstance(block, ImageBlock):
                continue
            assert block.label, place
            assert block.meta.description, f"{place}: {block.label}"
            assert block.meta.icon in icons, f"{place}: {block.meta.icon}"


def test_every_block_can_be_shown_before_it_is_chosen(signed_in, admin_user):
    """The editor's menu previews a block; only a picture has nothing to show without somebody's picture."""
    browser = signed_in(admin_user)
    for place, stream in streams():
        for block in offered(stream):
            if isinstance(block, ImageBlock) or not getattr(block.meta, "template", None):
                continue
            address = reverse("wagtailadmin_block_preview") + f"?id={block.definition_prefix}"
            assert browser.get(address).status_code == 200, f"{place}: {block.label}"


def test_the_checks_of_the_editor_speak_persian(client, signed_in, admin_user, filled):
    words = signed_in(admin_user).get("/").content.decode()
    [found] = re.findall(r'<script id="checker-axe-configuration" type="application/json">(.*?)</script>', words)
    configuration = json.loads(found)
    rules = configuration["options"]["runOnly"]
    assert {"alt-text-quality", "image-alt", "heading-order", "color-contrast"} <= set(rules)
    for rule in rules:
        for text in configuration["messages"][rule].values():
            assert re.search("[آ-ی]", text), f"{rule}: {text}"


@pytest.mark.parametrize(
    ("words", "is_empty"),
    [("عکس ۱", True), ("تصویر", True), ("IMG_2034", True), ("a.png", True), ("پل بر رود", False)],
)
def test_words_that_say_nothing_are_found(client, signed_in, admin_user, words, is_empty):
    page = signed_in(admin_user).get("/").content.decode()
    [found] = re.findall(r'<script id="checker-axe-configuration" type="application/json">(.*?)</script>', page)
    checks = {check["id"]: check for check in json.loads(found)["spec"]["checks"]}
    pattern = checks["check-image-alt-text"]["options"]["pattern"]
    assert bool(re.search(pattern, words, re.IGNORECASE)) == is_empty


def test_how_complete_a_sheet_is_follows_what_is_saved(signed_in, admin_user):
    page = factories.make_service(title="پروانه", slug="permit")
    browser = signed_in(admin_user)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    hint = browser.get(address).content.decode().split("desk-completeness")[1]
    assert "۱ بخش از ۱۸" in hint
    assert "<li>هزینه</li>" in hint
    page = ServicePage.objects.get(pk=page.pk)
    page.cost, page.visits = "رایگان", 0
    page.save_revision().publish()
    hint = browser.get(address).content.decode().split("desk-completeness")[1]
    assert "۳ بخش از ۱۸" in hint
    assert "<li>هزینه</li>" not in hint


def test_home_may_be_built_of_every_block_of_its_menu(client, publish):
    home = HomePage.objects.get(slug="home")
    stream = HomePage.body.field.stream_block
    blocks = [
        {"type": name, "value": block.get_prep_value(block.get_preview_value())}
        for name, block in stream.child_blocks.items()
        if name != "figure"
    ]
    publish(home, body=blocks)
    words = client.get("/").content.decode()
    assert words.count("<h1") == 1
    assert "واحدهای سازمان" in words


@pytest.mark.parametrize("way", ["added", "removed"])
def test_versions_are_compared_where_a_screen_without_an_own_picture_comes_or_goes(
    signed_in, admin_user, publish, guide, way
):
    text, shown = paragraph("متن") | {"id": "t"}, screen("sign-in", "وارد شوید") | {"id": "p"}
    without, with_screen = (section("یک", "one", *content) | {"id": "s"} for content in ((text,), (text, shown)))
    for block in (without, with_screen) if way == "added" else (with_screen, without):
        publish(guide, sections=[block])
    before, now = guide.revisions.order_by("pk").values_list("pk", flat=True)
    address = reverse("wagtailadmin_pages:revisions_compare", args=[guide.pk, before, now])
    answer = signed_in(admin_user).get(address)
    assert answer.status_code == 200
    assert "وارد شوید" in answer.content.decode()
