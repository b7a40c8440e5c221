"""What search engines are told: the map of the site in all its languages, and where it lies."""

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page


class SiteMap(Sitemap):
    """The live, public pages of every language, each with its translations."""

    def items(self):
        root = self.get_wagtail_site().root_page
        pages = Page.objects.none()
        for start in (root, *root.get_translations()):
            pages |= Page.objects.descendant_of(start, inclusive=True)
        return pages.live().public().select_related("locale").order_by("path")

    def _urls(self, page, protocol, domain):
        items = list(self.paginator.page(page).object_list)
        translations = {}
        for item in items:
            translations.setdefault(item.translation_key, []).append(item)
        moments = [moment for item in items if (moment := self.lastmod(item))]
        if moments:
            self.latest_lastmod = max(moments)
        return [
            {
                "location": self.location(item),
                "lastmod": self.lastmod(item),
                "alternates": [
                    {"lang_code": other.locale.language_code, "location": self.location(other)}
                    for other in translations[item.translation_key]
                    if len(translations[item.translation_key]) > 1
                ],
            }
            for item in items
        ]


@require_safe
def robots(request):
    """Nothing is hidden by this file: what is personal wants a sign-in. It names the map, and saves robots a detour."""
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('desk:letter-new')}",
        "",
        f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
