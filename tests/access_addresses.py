"""Every address of the site and of its admin: whom it serves, and what is asked for there about one letter."""

import re
import uuid

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from servicedesk.models import BulkJob, SavedFilter, SavedText
from servicedesk.roles import Act
from servicedesk.staff.inbox.tabs import SHOWN_TAB, TABS
from servicedesk.staff.verbs.register import VERBS
from tests.access_scene import DRAFT_KEY

ADMIN = settings.ADMIN_PATH

# Addresses outside the admin, and those of the staff desk: whom they serve. "all": no letter is ever on them. An Act:
# whoever may do that with the letter; ("somewhere", an Act): whoever may with any unit's. "heads": those of the unit in
# the address, or of any where there is none; "heads, registry": beside them who keeps the numbers of all.
SERVES = {
    "healthz": "all",
    "readyz": "all",
    "desk/sms/<str:secret>/": "all",
    "robots.txt": "all",
    "sitemap.xml": "all",
    "theme-<slug:mark>.css": "all",
    "style/": "all",
    "media/<path:name>": "all",
    "documents/^(\\d+)/(.*)$": "all",
    "documents/authenticate_with_password/<int:restriction_id>/": "all",
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": "all",
    "_util/login/": "all",
    "^((?:[\\w\\-]+/)*)$": "all",
    "search/": "all",
    "desk/sign-in/": "all",
    "desk/sign-in/code/": "all",
    "desk/sign-in/resend/": "all",
    "desk/sign-in/fresh/": "all",
    "desk/sign-in/picture/<str:key>/": "all",
    "desk/sign-in/sound/<str:key>/": "all",
    "desk/sign-in/challenge/": "all",
    "desk/sign-out/": "all",
    "desk/track/": "all",
    "desk/": "citizens",
    "desk/account/": "citizens",
    "desk/account/sessions/": "citizens",
    "desk/account/number/": "citizens",
    "desk/account/number/codes/": "citizens",
    "desk/account/older-letters/": "citizens",
    "desk/letters/": "citizens",
    "desk/letters/new/": "citizens",
    "desk/drafts/<uuid:form_key>/": "owner",
    "desk/drafts/<uuid:form_key>/<int:number>/": "owner",
    "desk/drafts/<uuid:form_key>/check/": "owner",
    "desk/drafts/<uuid:form_key>/remove/": "owner",
    "desk/track/own/": "citizens",
    "desk/my-data/": "citizens",
    "desk/my-removal/": "citizens",
    "desk/my-removal/take-back/": "citizens",
    "desk/letters/<str:reference>/": "owner",
    "desk/letters/<str:reference>/receipt/": "owner",
    "desk/letters/<str:reference>/file/": "owner",
    "desk/letters/<str:reference>/reply/": "owner",
    "desk/letters/<str:reference>/withdraw/": "owner",
    "desk/letters/<str:reference>/files/<uuid:file_id>/": "owner",
    "desk/files/<str:token>/": "session",
    "admin/desk/": "staff",
    "admin/desk/export/csv/": ("somewhere", Act.EXPORT),
    "admin/desk/export/xlsx/": ("somewhere", Act.EXPORT),
    "admin/desk/exports/": "superuser",
    "admin/desk/reports/": ("somewhere", Act.READ),
    "admin/desk/reports/csv/": ("somewhere", Act.READ),
    "admin/desk/reports/xlsx/": ("somewhere", Act.READ),
    "admin/desk/messages/": "superuser",
    "admin/desk/gateways/": "superuser",
    "admin/desk/bulk/": "staff",
    "admin/desk/bulk/<int:pk>/": "staff",
    "admin/desk/bulk/<int:pk>/progress/": "staff",
    "admin/desk/unit/": "heads, registry",
    "admin/desk/unit/<int:pk>/": "heads, registry",
    "admin/desk/unit/<int:pk>/members/<int:member>/": "heads",
    "admin/desk/new/": ("somewhere", Act.HAND_ON),
    "admin/desk/filters/": "staff",
    "admin/desk/filters/<int:pk>/remove/": "staff",
    "admin/desk/texts/": ("somewhere", Act.ANSWER),
    "admin/desk/texts/new/": ("somewhere", Act.ANSWER),
    "admin/desk/texts/<int:pk>/": ("somewhere", Act.ANSWER),
    "admin/desk/texts/<int:pk>/remove/": ("somewhere", Act.ANSWER),
    "admin/desk/<str:reference>/": Act.READ,
    "admin/desk/<str:reference>/next/": Act.READ,
    "admin/desk/<str:reference>/previous/": Act.READ,
    "admin/desk/<str:reference>/others/": Act.READ,
    "admin/desk/<str:reference>/here/": Act.READ,
    "admin/desk/<str:reference>/draft/": Act.ANSWER,
    "admin/desk/<str:reference>/texts/": Act.ANSWER,
    "admin/desk/<str:reference>/preview/": Act.ANSWER,
    "admin/desk/<str:reference>/files/<uuid:file_id>/": Act.READ,
    "admin/desk/<str:reference>/files/<uuid:file_id>/pages/<int:number>/": Act.READ,
    "admin/desk/<str:reference>/lost-messages/": Act.ANSWER,
    "admin/desk/<str:reference>/slip/": Act.READ,
    "admin/desk/<str:reference>/views/": "superuser",
} | {f"admin/desk/<str:reference>/{verb.name}/": verb.act for verb in VERBS}
# Of addresses that stand for many, some more than the first: what a search finds, what pages hold beside themselves.
SEARCH, SERVE = "search/", "^((?:[\\w\\-]+/)*)$"
INBOX, EXPORTS = "admin/desk/", ("admin/desk/export/csv/", "admin/desk/export/xlsx/")
UNIT = "admin/desk/unit/<int:pk>/"
BULK = f"{ADMIN}bulk/<str:app_label>/<str:model_name>/<str:action>/"
MORE_OF = {
    SEARCH: ("search/?q=قناری", "search/?q=موضوع پاسخ نام&page=2", "en/search/?q=canary"),
    INBOX: (
        *(f"admin/desk/?tab={tab}" for tab in (*TABS, SHOWN_TAB.name)),
        "admin/desk/?tab=all&q=قناری",
        "admin/desk/?tab=all&service={service}",
    ),
    SERVE: ("guide/", "guide/pdf/", "general-letter/", "news/rss/", "en/", "en/guide/pdf/", "قناری/"),
    **{
        table: (f"{table}?tab=all&service={{service}}", f"{table}?tab=shown&service={{service}}&q=قناری")
        for table in EXPORTS
    },
    BULK: (
        f"{ADMIN}bulk/servicedesk/letter/delete/?id={{letter}}",
        f"{ADMIN}bulk/servicedesk/user/set_active_state/?id={{citizen}}",
        f"{ADMIN}bulk/servicedesk/user/delete/?id=all&q={{mobile}}",
        f"{ADMIN}bulk/wagtailcore/page/delete/?id={{service}}&next=/admin/",
    ),
    f"{ADMIN}users/": (f"{ADMIN}users/?q={{mobile}}",),
    f"{ADMIN}pages/<int:parent_page_id>/": (f"{ADMIN}pages/{{service}}/?q=قناری",),
}
# What somebody in the scene keeps on the desk, and where it is opened.
KEPT = {SavedText: "texts", SavedFilter: "filters", BulkJob: "bulk"}
# What lists and looks for things in the admin is asked for the canary as well.
LOOKS_FOR = re.compile(r"(search|results|reports|choose|chooser|choose-page|history)/")


def routes(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route


def addresses(route, letter, token, security_key):
    """What is asked for of this route: it with the letter's own values in it, and more of those that stand for many. Of
    a letter on paper only what is about it."""
    if letter.is_from_counter and not ("<str:reference>" in route or token):
        return []
    if route.startswith(UNIT):
        return list(unit_addresses(route, letter))
    found = [address_of(route, letter, token, security_key)]
    if route.startswith(ADMIN) and not route.startswith(INBOX):
        found += [address_beside(route, letter)] if "<" in route else []
        found += [f"{found[-1]}?q=قناری"] if LOOKS_FOR.search(route) else []
    values = {"service": letter.service_id, "letter": letter.pk, "citizen": letter.citizen_id}
    values["mobile"] = letter.citizen.mobile[1:] if letter.citizen else ""
    more = [address.format(**values) for address in MORE_OF.get(route, ())]
    if "<uuid:file_id>" in route:
        more = [route_with(route, letter, file_id=file.pk) for file in letter.attachments.all()]
    for model, place in KEPT.items():
        if route.startswith(f"{INBOX}{place}/<"):
            more = [route_with(route, letter, pk=one.pk) for one in model.objects.order_by("-pk")[:1]]
    return list(dict.fromkeys(found + more))


def unit_addresses(route, letter):
    """{address: "water", "roads", or None}: the route about the unit where the letter is and that where it was before,
    each with one of its people; and, where the route names one, with one of the other's, whom it does not have."""
    units = {"water": letter.unit, "roads": letter.first_unit}
    people = {name: unit.memberships.order_by("pk").first().pk for name, unit in units.items()}
    found = {route_with(route, letter, pk=units[name].pk, member=people[name]): name for name in units}
    strangers = [route_with(route, letter, pk=units[name].pk, member=pk) for name in units for pk in people.values()]
    return {**dict.fromkeys(strangers), **found}


def address_of(route, letter, token, security_key):
    """The route with the letter's own values in it."""
    if route.startswith("documents/^"):
        return "documents/1/none.pdf"
    if route.startswith("^"):
        return ""
    return route_with(route, letter, file_id=letter.body_file.pk, token=token, key=security_key)


def address_beside(route, letter):
    """A route of Wagtail's with what stands beside the letter: its service's page, its unit, its citizen."""
    service, unit, citizen = letter.service_id, letter.unit_id, letter.citizen_id
    of_pages = ("page_id", "parent_page_id", "page_pk", "page_to_move_id", "destination_id", "parent_id")
    keys = {f"{ADMIN}users/": citizen, f"{ADMIN}units/": unit, f"{ADMIN}collections/": 1, f"{ADMIN}sites/": 1}
    values = {
        **dict.fromkeys(of_pages, service),
        "user_id": citizen,
        "pk": next((key for place, key in keys.items() if route.startswith(place)), letter.pk),
        "app_name": "servicedesk",
        "content_type_app_name": "servicedesk",
        "content_type_model_name": "servicepage",
        "object_id": letter.pk,
        "slug": "letters",
    }
    return route_with(route, letter, **values)


def route_with(route, letter, **values):
    """The route with these values in it, and of what they lack something that fits."""
    values = {
        "reference": letter.reference,
        "form_key": DRAFT_KEY,
        "number": 1,
        "secret": "wrong",
        "name": "images/none.png",
        "app_label": "servicedesk",
        "model_name": "letter",
        **values,
    }

    def fill(match):
        converter, _, name = match.group(1).rpartition(":")
        if name in values:
            return str(values[name])
        return str(uuid.uuid4()) if converter == "uuid" else str(letter.pk) if converter == "int" else "1"

    route = re.sub(r"<([^>]+)>", fill, route)
    return re.sub(r"\(\?P<\w+>[^)]*\)|\(\[?[^)]*\)|[\^$\\]", "1", route) if re.search(r"[\^$(\\]", route) else route
