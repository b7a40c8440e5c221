"""Blocks that tell what the desk knows now: its units, its promises, its cookies, the latest news."""

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from home.blocks.text import LIVE, Heading
from servicedesk.known_browser import COOKIE as KNOWN_BROWSER
from servicedesk.models import ServicePage, Unit


class UnitsBlock(blocks.StructBlock):
    heading = Heading(required=False)

    class Meta:
        label = _("Units")
        icon = "group"
        group = LIVE
        description = _("Every unit with its address, hours and telephone, read from the list of units.")
        template = "home/blocks/units.html"
        preview_value = {"heading": "واحدهای سازمان"}

    def get_context(self, value, parent_context=None):
        """Adds ``units``, those of the contact page."""
        context = super().get_context(value, parent_context=parent_context)
        return {**context, "units": Unit.objects.public()}


class PromisesBlock(blocks.StructBlock):
    heading = Heading(required=False)

    class Meta:
        label = _("Promised times")
        icon = "time"
        group = LIVE
        description = _("A table of the services with the working days that each one promises, read from their pages.")
        template = "home/blocks/promises.html"
        preview_value = {"heading": "زمان‌هایی که قول داده‌ایم"}

    def get_context(self, value, parent_context=None):
        """Adds ``services``: the offered ones, as pages."""
        context = super().get_context(value, parent_context=parent_context)
        return {**context, "services": ServicePage.objects.offered()}


class CookiesBlock(blocks.StructBlock):
    heading = Heading(required=False)

    class Meta:
        label = _("Cookies")
        icon = "clipboard-list"
        group = LIVE
        description = _("The cookies of this site by their names, what each is for, and how long it stays.")
        template = "home/blocks/cookies.html"
        preview_value = {"heading": "کوکی‌ها"}

    def get_context(self, value, parent_context=None):
        """Adds ``cookies``: {session, token, known_browser}, each a cookie's name on this installation."""
        context = super().get_context(value, parent_context=parent_context)
        names = {
            "session": settings.SESSION_COOKIE_NAME,
            "token": settings.CSRF_COOKIE_NAME,
            "known_browser": KNOWN_BROWSER,
        }
        return {**context, "cookies": names}


class NewsBlock(blocks.StructBlock):
    heading = Heading(default=_("News"))
    count = blocks.IntegerBlock(label=_("How many"), default=3, min_value=1, max_value=6)

    class Meta:
        label = _("News")
        icon = "doc-full"
        group = LIVE
        description = _("The latest news, with a link to all of them.")
        template = "home/blocks/news.html"
        preview_value = {"heading": "تازه‌ها", "count": 3}

    def get_context(self, value, parent_context=None):
        """Adds ``news``: the latest entries in the page's language, and ``index``: the page of all, or None."""
        context = super().get_context(value, parent_context=parent_context)
        page = context.get("page")
        # The page's own models are built from blocks: by name, so that no circle forms.
        index = apps.get_model("home", "NewsIndexPage").objects.live().public()
        index = index.filter(locale=page.locale).first() if page else index.first()
        return {**context, "index": index, "news": index.entries()[: value["count"]] if index else []}
