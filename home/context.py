"""What every template knows of the site: its settings, menus and banners."""

from dataclasses import replace

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info
from wagtail.models import Page

from home.models import Banner, ScreenPicture, SiteSettings
from home.models.site_settings import MenuLink
from home.neighbours import translations
from servicedesk.page_cache import holds_until


def site(request):
    """``site`` (settings); ``main_menu`` and ``foot_menu``, each a list of ``MenuLink`` in the language in use;
    ``banners``, those that show now; ``screens`` {name: image}, the pictures of the system's screens. On a page of the
    site also ``other_language`` {code, label, url}: the same page in the next language, or None."""
    context = {
        "site": SimpleLazyObject(lambda: _settings(request)),
        "main_menu": SimpleLazyObject(lambda: _menus(request)["main"]),
        "foot_menu": SimpleLazyObject(lambda: _menus(request)["foot"]),
        "screens": SimpleLazyObject(lambda: ScreenPicture.of(get_language())),
        "banners": SimpleLazyObject(lambda: _banners(request)),
    }
    match = getattr(request, "resolver_match", None)
    if match and match.url_name == "wagtail_serve":
        context["other_language"] = SimpleLazyObject(lambda: _translation(request, match.args[0]))
    return context


def _settings(request):
    return SiteSettings.load(request_or_site=request)


def _banners(request):
    showing, next_change = Banner.objects.now_and_next()
    holds_until(request, next_change)
    return showing


def _menus(request):
    """{"main": links, "foot": links}: the entries of the settings; in a place without any, the pages marked for menus
    stand at the foot, and the main menu is the one that base.html writes."""
    if not hasattr(request, "site_menus"):
        menus = {"main": [], "foot": []}
        for place, link in _settings(request).menu(request):
            menus[place].append(link)
        if not menus["foot"]:
            menus["foot"] = _marked_pages(request)
        menus["main"] = _with_current(menus["main"], request.path)
        request.site_menus = menus
    return request.site_menus


def _with_current(links, path):
    """The links, with the one that leads here or to what lies closest above it marked. Home lies above everything and
    is marked on itself alone."""
    home = reverse("wagtail_serve", args=[""])
    above = [link.url for link in links if link.url != home and path.startswith(link.url)]
    nearest = path if path in [link.url for link in links] else max(above, key=len, default=None)
    state = "page" if nearest == path else "true"
    return [replace(link, current=state if link.url == nearest else "") for link in links]


def _marked_pages(request):
    pages = Page.objects.live().public().in_menu().filter(locale__language_code=get_language()).order_by("path")
    return [MenuLink(page.title, page.get_url(request)) for page in pages]


def _translation(request, path):
    page = Page.find_for_request(request, path)
    if page is None:
        return None
    codes = [code for code, _name in settings.LANGUAGES]
    others = [one for one in translations(page, request) if one.locale.language_code in codes]
    if not others:
        return None
    other = others[0]
    code = other.locale.language_code
    return {"code": code, "label": get_language_info(code)["name_local"], "url": other.get_url(request)}
