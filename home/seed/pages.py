"""Fills the first pages at length and adds the ordinary ones, once: a home page that somebody has saved stays."""

import json

from wagtail.models import Locale, Page, Site

from home.models import ContentPage, GuidePage, HomePage
from home.seed import about_fa, accessibility_fa, guide_en, guide_fa, home_en, home_fa, letter_en, letter_fa, privacy_fa
from home.seed.screens import put_shipped
from home.seed.units import ORGANISATION
from servicedesk.models import DeskSettings


def point_site(hostname, port):
    """The address of the default site follows PUBLIC_URL, which the operator owns."""
    site = Site.objects.get(is_default_site=True)
    if (site.hostname, site.port) != (hostname, port):
        site.hostname, site.port = hostname, port
        site.save()


def fill_pages(author):
    """Fill and publish the pages in the name of ``author``. Returns whether there was anything to do."""
    site = Site.objects.select_related("root_page").get(is_default_site=True)
    home = site.root_page.specific
    if not isinstance(home, HomePage) or home.latest_revision_id:
        return False
    site.site_name = ORGANISATION
    site.save()
    put_shipped()
    _fill_home(home, home_fa, author)
    _fill_guide(GuidePage.objects.child_of(home).first(), guide_fa, author)
    _fill_letter(author)
    for words in (about_fa, privacy_fa, accessibility_fa):
        _add_ordinary(home, words, author)
    _fill_english(home, author)
    return True


def _fill_english(home, author):
    translation = home.get_translations().filter(locale__language_code="en").first()
    if translation is None:
        return
    _fill_home(translation, home_en, author)
    _fill_guide(GuidePage.objects.child_of(translation).first(), guide_en, author)


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


def _add_ordinary(home, words, author):
    if Page.objects.child_of(home).filter(slug=words.SLUG).exists():
        return
    page = ContentPage(
        title=words.TITLE,
        slug=words.SLUG,
        search_description=words.DESCRIPTION,
        introduction=words.INTRODUCTION,
        body=json.dumps(words.BODY),
        show_in_menus=True,
        live=False,
        owner=author,
        locale=home.locale,
    )
    home.add_child(instance=page)
    _publish(page, author)


def _publish(page, author):
    page.save_revision(user=author, clean=True).publish(user=author)
