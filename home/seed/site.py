"""The settings of the made-up municipality's site: its addresses, menus and foot."""

from wagtail.models import Page

from home.models import MenuItem, SiteSettings
from home.seed import (
    about_fa,
    accessibility_fa,
    contact_fa,
    level_fa,
    news_fa,
    privacy_fa,
    questions_fa,
)

VALUES = {
    "address": "آویشن‌رود، میدان بید، خیابان نخست، ساختمان شهرداری",
    "address_en": "Town hall, First Street, Willow Square, Avishanrud",
    "postal_code": "۰۰۰۰۰-۰۰۰۰۰",
    "telephone": "۰۰۰-۰۰۰۰۰۰۰۰",
    "email": "desk@avishanrood.example",
    "opening_hours": "شنبه تا چهارشنبه ۷:۳۰ تا ۱۴:۳۰، پنجشنبه ۷:۳۰ تا ۱۲",
    "opening_hours_en": "Saturday to Wednesday 7:30 to 14:30, Thursday 7:30 to 12",
    "footer_text": "این شهر، کارکنان و نشانی‌هایش ساختگی‌اند و برای نمایش سامانه آمده‌اند.",
    "footer_text_en": "This town, its staff and its addresses are made up, to show the system.",
}
GUIDE = "guide"
# "" is the home page; names of the desk's places are what they are called in MenuItem.
MAIN = ("", "desk", "track", GUIDE, news_fa.SLUG, questions_fa.SLUG, contact_fa.SLUG)
FOOT = (about_fa.SLUG, level_fa.SLUG, privacy_fa.SLUG, accessibility_fa.SLUG)
DESK = ("desk", "track")


def fill(home):
    """Fill settings that nobody has saved yet."""
    settings = SiteSettings.load()
    if settings.menu_items.exists() or settings.address:
        return
    for name, value in VALUES.items():
        setattr(settings, name, value)
    settings.save()
    for place, entries in (("main", MAIN), ("foot", FOOT)):
        for order, entry in enumerate(entries):
            MenuItem.objects.create(settings=settings, place=place, sort_order=order, **_target(home, entry))


def _target(home, entry):
    if entry in DESK:
        return {"destination": entry}
    return {"page": Page.objects.child_of(home).get(slug=entry) if entry else home.page_ptr}
