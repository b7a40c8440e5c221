"""What the public pages' templates know besides."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info
from wagtail.models import Page


def menu(request):
    """``site_menu``: the pages marked "show in menus", in the language in use, as [{title, url}]. On a page
    of the site also ``other_language`` {code, label, url}: the same page in the next language, or None."""
    context = {"site_menu": SimpleLazyObject(lambda: _menu(request))}
    match = getattr(request, "resolver_match", None)
    if match and match.url_name == "wagtail_serve":
        context["other_language"] = SimpleLazyObject(lambda: _translation(request, match.args[0]))
    return context


def _menu(request):
    if not hasattr(request, "site_menu"):
        pages = Page.objects.live().public().in_menu().filter(locale__language_code=get_language()).order_by("path")
        request.site_menu = [{"title": page.title, "url": page.get_url(request)} for page in pages]
    return request.site_menu


def _translation(request, path):
    page = Page.find_for_request(request, path)
    if page is None:
        return None
    codes = [code for code, _name in settings.LANGUAGES if code != page.locale.language_code]
    other = page.get_translations().live().filter(locale__language_code__in=codes).select_related("locale").first()
    if other is None:
        return None
    code = other.locale.language_code
    return {"code": code, "label": get_language_info(code)["name_local"], "url": other.get_url(request)}
