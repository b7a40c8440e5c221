"""Parts of the public pages that need more than a template."""

from django import template
from django.urls import reverse

from home import pictures
from home.neighbours import way_to
from home.theme import theme_mark
from servicedesk.persian import only_digits

register = template.Library()


@register.filter
def file_rules(service, desk):
    """The rules for the body file of this service's letters; None where it asks for none. ``desk``: the settings."""
    return None if service.file_asked == "none" else service.file_rules(desk)


@register.filter
def of_screen(screens, name):
    """The picture of a screen of the system from ``screens`` {name: image}, or None."""
    return (screens or {}).get(name)


@register.filter
def dialled(telephone):
    """The digits of a telephone number for a ``tel:`` link, or "" where it is no number."""
    digits = only_digits(telephone)
    return digits if digits.removeprefix("+").isdecimal() else ""


@register.inclusion_tag("home/breadcrumb.html", takes_context=True)
def breadcrumb(context, page):
    """The way from the home page to ``page``."""
    request = context["request"]
    above = way_to(page, request)[:-1]
    return {"page": page, "ancestors": [{"title": one.title, "url": one.get_url(request)} for one in above]}


@register.simple_tag(takes_context=True)
def theme_url(context):
    """The address of the style sheet of the main colour; "" where it is the one that desk.css has."""
    site = context.get("site")
    mark = theme_mark(site.colour) if site else ""
    return reverse("theme", args=[mark]) if mark else ""


@register.simple_tag
def sized_picture(image, at_once=False, sizes=pictures.SIZES):
    """The picture in the sizes and formats that are ready, or "": nothing is encoded while a visitor waits."""
    return pictures.tag(image, at_once=at_once, sizes=sizes) or "" if image else ""


@register.simple_tag
def printed_picture(image):
    """The picture as one file, for paper. It is there since the upload, and otherwise made now."""
    return image.get_rendition(pictures.fallback(image)).img_tag() if image else ""


@register.simple_tag
def site_logo(image):
    """The organisation's sign as an ``<img>``, or "" until it is ready. Its name stands beside it: no words."""
    rendition = pictures.logo(image) if image else None
    return rendition.img_tag({"alt": "", "class": "emblem"}) if rendition else ""
