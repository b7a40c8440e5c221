"""Fills the first pages at length and adds the others, once: a home page that somebody has saved stays."""

import json
from datetime import timedelta
from pathlib import Path

from django.core.files.images import ImageFile
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site

from home import pictures as picture_sizes
from home.models import ContentPage, GuidePage, HomePage, NewsIndexPage, NewsPage, QuestionsPage
from home.seed import (
    about_en,
    about_fa,
    accessibility_en,
    accessibility_fa,
    contact_en,
    contact_fa,
    guide_en,
    guide_fa,
    home_en,
    home_fa,
    letter_en,
    letter_fa,
    level_en,
    level_fa,
    news_en,
    news_fa,
    offers,
    pictures,
    privacy_en,
    privacy_fa,
    questions_en,
    questions_fa,
    site,
)
from home.seed.screens import put_shipped
from home.seed.units import ORGANISATION
from servicedesk.exchange import fill, read
from servicedesk.models import DeskSettings, ServicePage, Unit
from servicedesk.ready_services import ReadyService


def point_site(hostname, port):
    """The address of the default site follows PUBLIC_URL, which the operator owns."""
    site = Site.objects.get(is_default_site=True)
    if (site.hostname, site.port) != (hostname, port):
        site.hostname, site.port = hostname, port
        site.save()


def fill_pages(author):
    """Fill and publish the pages in the name of ``author``. Returns whether there was anything to do."""
    default_site = Site.objects.select_related("root_page").get(is_default_site=True)
    home = default_site.root_page.specific
    if not isinstance(home, HomePage) or home.latest_revision_id:
        return False
    default_site.site_name = ORGANISATION
    default_site.save()
    put_shipped()
    _fill_home(home, home_fa, author)
    _fill_guide(GuidePage.objects.child_of(home).first(), guide_fa, author)
    _fill_letter(author)
    for name, offer in offers.OFFERS.items():
        _add_service(home, name, offer, author)
    _add_news(home, author)
    _add(home, QuestionsPage, questions_fa, author, subjects=questions_fa.SUBJECTS)
    for words in (contact_fa, level_fa, about_fa, privacy_fa, accessibility_fa):
        _add(home, ContentPage, words, author, body=words.BODY)
    _fill_english(home, author)
    site.fill(home)
    return True


def _fill_english(home, author):
    """The same pages in English, so that the language switch leads on from each of them."""
    translation = home.get_translations().filter(locale__language_code="en").first()
    if translation is None:
        return
    _fill_home(translation, home_en, author)
    _fill_guide(GuidePage.objects.child_of(translation).first(), guide_en, author)
    for name in offers.OFFERS:
        page = ServicePage.objects.child_of(home).get(slug=name).copy_for_translation(translation.locale)
        fill(page, _content(name, page.locale))
        _publish(page, author)
    _translate_news(home, author)
    _translate(home, questions_fa, questions_en, author, subjects=questions_en.SUBJECTS)
    for before, words in (
        (contact_fa, contact_en),
        (level_fa, level_en),
        (about_fa, about_en),
        (privacy_fa, privacy_en),
        (accessibility_fa, accessibility_en),
    ):
        _translate(home, before, words, author, body=words.BODY)


def _fill_home(page, words, author):
    page.title, page.seo_title = words.TITLE, words.SEO_TITLE
    page.search_description = words.DESCRIPTION
    page.body = json.dumps(words.BODY)
    _publish(page, author)


def _fill_guide(page, words, author):
    if page is None:
        return
    page.title, page.seo_title = words.TITLE, words.SEO_TITLE
    page.search_description, page.introduction = words.DESCRIPTION, words.INTRODUCTION
    page.version = words.VERSION
    page.sections = json.dumps(words.SECTIONS)
    _publish(page, author)


def _fill_letter(author):
    page = DeskSettings.load().general_service
    if page is None or page.latest_revision_id:
        return
    _fill_service(page, letter_fa, author)
    english = Locale.objects.filter(language_code="en").first()
    if english and not page.has_translation(english):
        _fill_service(page.copy_for_translation(english), letter_en, author)


def _fill_service(page, words, author):
    page.title, page.search_description = words.TITLE, words.DESCRIPTION
    for name, value in words.VALUES.items():
        setattr(page, name, value)
    _publish(page, author)


def _add_service(home, name, offer, author):
    page = ServicePage(slug=name, live=False, owner=author, locale=home.locale)
    page.code, page.yearly_count = offer.code, offer.yearly_count
    fill(page, _content(name, home.locale))
    home.add_child(instance=page)
    page.units.set(Unit.objects.filter(name__in=offer.units))
    page.routing = json.dumps(_routes(offer.routes, page.form))
    _publish(page, author)


def _routes(routes, form):
    """A service's routing as it is stored; none on a desk that has units of its own. ``routes``: {unit's name: numbers
    of the choices of the form's first question}."""
    units = Unit.objects.in_bulk(list(routes), field_name="name")
    if not routes or len(units) < len(routes):
        return []
    asked = form[0].value["questions"][0]
    choices = asked.value["choices"].bound_blocks
    return [
        {
            "type": "route",
            "value": {
                "unit": units[unit].pk,
                "condition": {
                    "match": "any",
                    "rules": [{"question": asked.id, "operator": "is", "value": choices[each].id} for each in numbers],
                },
            },
        }
        for unit, numbers in routes.items()
    ]


def _content(name, locale):
    return read(ReadyService(name, locale.language_code).data)


def _add_news(home, author):
    index = _add(home, NewsIndexPage, news_fa, author)
    for entry in news_fa.ENTRIES:
        page = NewsPage(
            title=entry.title,
            slug=entry.slug,
            date=timezone.localdate() - timedelta(days=entry.days),
            search_description=entry.introduction,
            introduction=entry.introduction,
            picture=json.dumps([_picture(*entry.picture, author)] if entry.picture else []),
            body=json.dumps(entry.body),
            live=False,
            owner=author,
            locale=home.locale,
        )
        index.add_child(instance=page)
        _publish(page, author)


def _translate_news(home, author):
    index = _translate(home, news_fa, news_en, author)
    for page in NewsPage.objects.filter(locale=home.locale):
        words = news_en.ENTRIES[page.slug]
        translation = page.copy_for_translation(index.locale)
        translation.title, translation.body = words.title, json.dumps(words.body)
        translation.introduction = translation.search_description = words.introduction
        translation.picture = json.dumps([_described(block, words.picture) for block in page.picture.raw_data])
        _publish(translation, author)


def _described(block, words):
    """The same picture block with these words for those who cannot see it."""
    return {"type": block["type"], "value": {**block["value"], "alt_text": words}}


def _picture(name, title, words, author):
    """A picture block with this file of ours, taken into the library of pictures."""
    with (Path(pictures.__file__).parent / name).open("rb") as content:
        image = get_image_model()(title=title, description=words, uploaded_by_user=author)
        image.file = ImageFile(content, name=name)
        image._set_image_file_metadata()
        image.save()
    picture_sizes.prepare(image)
    return {"type": "picture", "value": {"image": image.pk, "decorative": False, "alt_text": words}}


def _add(home, model, words, author, **streams):
    """A new page below ``home``, published. ``streams``: {field: blocks}."""
    page = model(
        title=words.TITLE,
        slug=words.SLUG,
        search_description=words.DESCRIPTION,
        introduction=words.INTRODUCTION,
        show_in_menus=True,
        live=False,
        owner=author,
        locale=home.locale,
        **{name: json.dumps(blocks) for name, blocks in streams.items()},
    )
    home.add_child(instance=page)
    _publish(page, author)
    return page


def _translate(home, before, words, author, **streams):
    """The English counterpart of the page that was made of ``before``: the language switch leads to it."""
    page = Page.objects.child_of(home).get(slug=before.SLUG).specific
    translation = page.copy_for_translation(Locale.objects.get(language_code="en"))
    translation.title, translation.search_description = words.TITLE, words.DESCRIPTION
    translation.introduction = words.INTRODUCTION
    for name, blocks in streams.items():
        setattr(translation, name, json.dumps(blocks))
    _publish(translation, author)
    return translation


def _publish(page, author):
    _give_ids(page)
    page.save_revision(user=author, clean=True).publish(user=author)


def _give_ids(page):
    """Every block and every item of a list gets its id now: anchors are made of them, and a block without one would
    get another each time it is read."""
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            value = getattr(page, field.name)
            list(value)  # What was not looked at is written back as it came.
            setattr(page, field.name, json.dumps(field.stream_block.get_prep_value(value), cls=DjangoJSONEncoder))
