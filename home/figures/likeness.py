"""What makes a site look like itself, taken from one installation and worn by another: names, rules, colour, logo,
menus, units, the general service. Nobody's letters and nobody's account are in it."""

import base64
import io
from urllib.parse import urljoin

from django.conf import settings
from django.core.files.images import ImageFile
from django.db import models
from django.utils import translation
from wagtail.images import get_image_model

from home.models import MenuItem, SiteSettings
from servicedesk.models import DeskSettings, ServicePage, Unit

# Of people, or of no use to a double.
LEFT_OUT = {"id", "alarm_addresses"}
OF_A_SERVICE = ("title", "summary", "audience", "time_needed", "cost", "promised_days")


def take():
    """The likeness of this site, as plain data that JSON can hold."""
    site = SiteSettings.load()
    return {
        "settings": {model._meta.label: _plain_fields(model.load()) for model in (DeskSettings, SiteSettings)},
        "logo": _content(site.logo) if site.logo else None,
        "menu": [entry for code, _name in settings.LANGUAGES for entry in _menu(site, code)],
        "units": [_plain_fields(unit) for unit in Unit.objects.order_by("pk")],
        "general_service": {
            page.locale.language_code: {name: getattr(page, name) for name in OF_A_SERVICE}
            for page in _general_service()
        },
    }


def _plain_fields(row):
    fields = (field for field in row._meta.concrete_fields if not isinstance(field, models.ForeignKey))
    return {field.name: getattr(row, field.name) for field in fields if field.name not in LEFT_OUT}


def _content(image):
    with image.open_file() as file:
        return base64.b64encode(file.read()).decode()


def _menu(site, language):
    """Each entry as it shows in this language: words, and an address that needs no page."""
    with translation.override(language):
        for place, link in site.menu():
            url = urljoin(f"{settings.PUBLIC_URL}/", link.url)
            yield {"place": place, "label": link.label, "url": url, "language": language}


def _general_service():
    page = DeskSettings.load().general_service
    if page is None:
        return []
    return ServicePage.objects.filter(translation_key=page.translation_key).select_related("locale")


def wear(likeness):
    """Makes this site, a new and empty one, look like that one."""
    for model in (DeskSettings, SiteSettings):
        row = model.load()
        for name, value in likeness["settings"][model._meta.label].items():
            setattr(row, name, value)
        row.save()
    site = SiteSettings.load()
    if likeness["logo"]:
        file = ImageFile(io.BytesIO(base64.b64decode(likeness["logo"])), name="logo")
        site.logo = get_image_model().objects.create(title="logo", file=file)
        site.save()
    MenuItem.objects.all().delete()
    for order, entry in enumerate(likeness["menu"]):
        MenuItem.objects.create(settings=site, sort_order=order, **entry)
    if likeness["units"]:
        Unit.objects.all().delete()
        for unit in likeness["units"]:
            Unit.objects.create(**unit)
    for page in _general_service():
        for name, value in likeness["general_service"].get(page.locale.language_code, {}).items():
            setattr(page, name, value)
        page.save()
