"""The desk's place in the admin's menus and on its home page."""

from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import AdminOnlyMenuItem, MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.admin.widgets.button import Button

from servicedesk.models import Alarm, Attachment, Letter, OutgoingMessage, RemovalRequest
from servicedesk.models.alarm import Kind as AlarmKind
from servicedesk.persian import in_language
from servicedesk.staff.inbox.pages import Page, page_of
from servicedesk.staff.inbox.rows import with_words
from servicedesk.staff.inbox.tabs import BY_DUE
from servicedesk.staff.own_desk import MOST_COUNTED, OwnDesk
from servicedesk.staff.second_factor.policy import is_unprotected
from servicedesk.staff.unit.who import led_units, numbers_all

LETTERS_NEXT = 5
ALARMS_SHOWN = 10
LETTERS_SHOWN = 5


class InboxMenuItem(MenuItem):
    """«میز خدمت (۱۲)»: for members of a unit and for superusers."""

    def __init__(self):
        super().__init__(
            gettext_lazy("Staff desk"), reverse("staff:inbox"), name="service-desk", icon_name="mail", order=50
        )

    def is_shown(self, request):
        return OwnDesk.of(request).is_shown

    def render_component(self, request):
        count = counted_in_words(OwnDesk.of(request).open_letters)
        label = _("Staff desk (%(count)s)") % {"count": count} if count else self.label
        return LinkMenuItem(self.name, label, self.url, icon_name=self.icon_name)


class UnitMenuItem(MenuItem):
    """«واحد من», for heads; for the registry the units whose letters it numbers."""

    def __init__(self):
        super().__init__(gettext_lazy("My unit"), reverse("staff:units"), name="my-unit", icon_name="group", order=55)

    def is_shown(self, request):
        rights = OwnDesk.of(request).rights
        # Superusers find every unit in the list of Wagtail's.
        return bool(led_units(rights)) or (numbers_all(rights) and not request.user.is_superuser)

    def render_component(self, request):
        led = led_units(OwnDesk.of(request).rights)
        if not led:
            return LinkMenuItem(self.name, _("Units and their numbers"), self.url, icon_name=self.icon_name)
        if len(led) > 1:
            return LinkMenuItem(self.name, _("My units"), self.url, icon_name=self.icon_name)
        return LinkMenuItem(self.name, self.label, reverse("staff:unit", args=led), icon_name=self.icon_name)


def counted_in_words(count):
    """A bounded count as words; "" for none."""
    if count > MOST_COUNTED:
        return f"{in_language(MOST_COUNTED)}+"
    return in_language(count) if count else ""


def own_help_menu_item():
    """«راهنما», the last of the menu, for everybody."""
    return MenuItem(gettext_lazy("Help"), reverse("help:index"), name="own-help", icon_name="help", order=20_000)


class OpenLettersPanel(Component):
    """On the admin's home page: the letters of one's units that are due next."""

    name = "open_letters"
    template_name = "servicedesk/staff/open_letters_panel.html"
    order = 50

    def get_context_data(self, parent_context):
        desk = OwnDesk.of(parent_context["request"])
        units, letters = desk.unit_ids, Letter.objects.live().open().select_related("unit")
        page = page_of(letters, BY_DUE, units) if desk.is_shown else Page([])
        return {
            "has_units": desk.is_shown,
            "count": counted_in_words(desk.open_letters),
            "next": [with_words(letter) for letter in page.letters[:LETTERS_NEXT]],
        }


class AlarmsPanel(Component):
    """On the admin's home page of superusers: what must be seen to now, what messages reached nobody, and who waits for
    a decision about removal."""

    name = "alarms"
    template_name = "servicedesk/staff/alarms_panel.html"
    order = 45

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        if not user.is_superuser:
            return {}
        alarms = Alarm.objects.open().order_by("-raised_at")
        return {
            "alarms": [_with_letters(alarm, user) for alarm in alarms[:ALARMS_SHOWN]],
            "more": max(0, alarms.count() - ALARMS_SHOWN),
            "undelivered": OutgoingMessage.objects.unattended().count(),
            "removal_requests": RemovalRequest.objects.waiting().count(),
        }


def _with_letters(alarm, user):
    """The alarm; one about findings with the letters in whose files they were, the latest first: those that this
    person may see. The e-mail about it names none and leads here."""
    if alarm.kind == AlarmKind.FILE_INFECTED:
        found = Attachment.objects.found_lately()
        letters = Letter.objects.visible_to(user).filter(pk__in=found.values("letter"))
        found_at = Max("attachments__scanned_at", filter=Q(attachments__state=Attachment.State.REMOVED))
        alarm.letters = letters.alias(found_at=found_at).order_by("-found_at", "-pk")[:LETTERS_SHOWN]
        alarm.more_letters = max(0, letters.count() - LETTERS_SHOWN)
        alarm.is_about_unsent_files = found.filter(letter=None).exists()
    return alarm


class ReportsMenuItem(MenuItem):
    """«گزارش نامه‌ها», among the reports: for whoever has a desk."""

    def __init__(self):
        super().__init__(
            gettext_lazy("Reports on letters"), reverse("staff:reports"), name="letters", icon_name="list-ol", order=10
        )

    def is_shown(self, request):
        return OwnDesk.of(request).is_shown


class SuperusersMenuItem(AdminOnlyMenuItem):
    """A page of the desk for superusers only."""

    def is_shown(self, request):
        return request.user.is_superuser


def undelivered_menu_item():
    return SuperusersMenuItem(
        gettext_lazy("Undelivered messages"), reverse("staff:undelivered"), name="undelivered", icon_name="warning"
    )


def gateways_menu_item():
    return SuperusersMenuItem(
        gettext_lazy("SMS gateways"), reverse("staff:gateways"), name="sms-gateways", icon_name="globe"
    )


def exports_menu_item():
    return SuperusersMenuItem(
        gettext_lazy("Exports of letters"), reverse("staff:exports"), name="exports", icon_name="download"
    )


class SecondFactorBanner(Component):
    """On the admin's home page of those who have no second factor, where it is not required."""

    name = "second_factor_banner"
    template_name = "servicedesk/staff/second_factor/banner.html"
    order = 40

    def get_context_data(self, parent_context):
        return {"asks_for_second_factor": is_unprotected(parent_context["request"].user)}


class SecondFactorsMenuItem(AdminOnlyMenuItem):
    """Whose second factor is on, and resetting it: among the settings of superusers."""

    def __init__(self):
        super().__init__(
            gettext_lazy("Second factor of the staff"),
            reverse("second-factor:people"),
            name="second-factors",
            icon_name="key",
            order=650,
        )


class RemovalsMenuItem(AdminOnlyMenuItem):
    """«حذف داده‌ها (۲)»: citizens' removal requests and what was removed, among the settings of superusers."""

    def __init__(self):
        super().__init__(
            gettext_lazy("Removals"), reverse("removals:list"), name="removals", icon_name="bin", order=660
        )

    def render_component(self, request):
        count = RemovalRequest.objects.waiting().count()
        label = _("Removals (%(count)s)") % {"count": in_language(count)} if count else self.label
        return LinkMenuItem(self.name, label, self.url, icon_name=self.icon_name)


def own_second_factor_item():
    """The way to one's own second factor, on the account page."""
    return {
        "url": reverse("second-factor:mine"),
        "label": _("Second factor"),
        "help_text": _("The app on your telephone and your recovery codes."),
    }


def own_sessions_item():
    """The way to the list of one's own sessions, on the account page."""
    return {
        "url": reverse("own-sessions"),
        "label": _("My sessions"),
        "help_text": _("Where you are signed in, and signing out there."),
    }


def second_factor_button(user, request_user):
    """In the list of users, for superusers: reset this person's second factor."""
    if request_user.is_superuser and user != request_user:
        address = reverse("second-factor:reset", args=[user.pk])
        yield Button(_("Reset the second factor"), address, icon_name="key", priority=40)
