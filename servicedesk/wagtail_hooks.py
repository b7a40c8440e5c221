"""What the desk adds to the Wagtail admin; all of it lives in servicedesk.staff."""

from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from servicedesk import persian
from servicedesk.models import UserSession
from servicedesk.questions import editing
from servicedesk.staff import exchange, jalali_inputs, wagtail_labels
from servicedesk.staff.calendar import CalendarGroup
from servicedesk.staff.menu import (
    AlarmsPanel,
    InboxMenuItem,
    OpenLettersPanel,
    RemovalsMenuItem,
    ReportsMenuItem,
    SecondFactorBanner,
    SecondFactorsMenuItem,
    UnitMenuItem,
    exports_menu_item,
    gateways_menu_item,
    own_help_menu_item,
    own_second_factor_item,
    own_sessions_item,
    second_factor_button,
    undelivered_menu_item,
)
from servicedesk.staff.own_numbers import OwnNumbersPanel
from servicedesk.staff.question_sets import QuestionSetViewSet, keep_sets_in_use
from servicedesk.staff.scanner_panel import ScannerBanner
from servicedesk.staff.service_guards import keep_services_with_letters
from servicedesk.staff.sessions import own_sessions, still_on
from servicedesk.staff.units import UnitViewSet, desk_permissions
from servicedesk.views import form_preview, text_previews

# Here, since hooks are found before the first page of the admin is shown.
jalali_inputs.install()
wagtail_labels.install()
editing.install()
form_preview.install()
text_previews.install()
register_snippet(QuestionSetViewSet)


@hooks.register("register_admin_urls")
def desk_urls():
    return [
        path("desk/", include("servicedesk.staff.urls")),
        path("help/", include("servicedesk.staff.help.urls")),
        path("removals/", include("servicedesk.staff.removals.urls")),
        path("second-factor/", include("servicedesk.staff.second_factor.urls")),
        path("services/<int:page_id>/file/", exchange.export, name="export-service"),
        path("services/new/<int:parent_id>/", exchange.import_service, name="import-service"),
        path("sessions/", own_sessions, name="own-sessions"),
        path("sessions/on/", still_on, name="still-on"),
    ]


@hooks.register("register_admin_menu_item")
def inbox_menu_item():
    return InboxMenuItem()


@hooks.register("register_admin_menu_item")
def unit_menu_item():
    return UnitMenuItem()


@hooks.register("construct_main_menu")
def without_wagtails_help(request, items):
    """Wagtail's help menu leads outside, to pages in English; ours stands in its place."""
    items[:] = [item for item in items if item.name != "help"]


@hooks.register("register_admin_menu_item")
def help_menu_item():
    return own_help_menu_item()


@hooks.register("construct_homepage_panels")
def open_letters(request, panels):
    panels += [SecondFactorBanner(), AlarmsPanel(), ScannerBanner(), OwnNumbersPanel(), OpenLettersPanel()]


@hooks.register("register_settings_menu_item")
def second_factors_menu_item():
    return SecondFactorsMenuItem()


@hooks.register("register_reports_menu_item")
def reports_on_letters():
    return ReportsMenuItem()


@hooks.register("register_reports_menu_item")
def undelivered_messages():
    return undelivered_menu_item()


@hooks.register("register_reports_menu_item")
def exports_of_letters():
    return exports_menu_item()


@hooks.register("register_reports_menu_item")
def sms_gateways():
    return gateways_menu_item()


@hooks.register("register_settings_menu_item")
def removals_menu_item():
    return RemovalsMenuItem()


@hooks.register("register_account_menu_item")
def own_second_factor(request):
    return own_second_factor_item()


@hooks.register("register_account_menu_item")
def sessions_of_mine(request):
    return own_sessions_item()


@hooks.register("register_user_listing_buttons")
def user_buttons(user, request_user):
    return second_factor_button(user, request_user)


@hooks.register("after_edit_user")
@hooks.register("after_bulk_action")
def close_sessions(request, *changed):
    """Who was deactivated stays out when somebody activates him again, even if he did not click meanwhile."""
    UserSession.end_of_closed_accounts()


@hooks.register("register_admin_viewset")
def units():
    return UnitViewSet()


@hooks.register("register_admin_viewset")
def working_calendar():
    return CalendarGroup()


@hooks.register("register_permissions")
def permissions():
    return desk_permissions()


@hooks.register("register_page_header_buttons")
def service_files(page, user, view_name, next_url=None):
    return exchange.buttons(page, user)


@hooks.register("before_delete_page")
def keep_service(request, page):
    return keep_services_with_letters(request, [page])


@hooks.register("before_bulk_action")
def keep_services(request, action_type, pages, action):
    if action_type == "delete" and action.models == [Page]:
        return keep_services_with_letters(request, pages)
    return None


@hooks.register("before_delete_snippet")
def keep_sets(request, sets):
    return keep_sets_in_use(request, sets)


@hooks.register("before_unpublish")
def keep_set(request, item):
    return keep_sets_in_use(request, [item])


@hooks.register("insert_global_admin_css")
def look():
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("insert_global_admin_js")
def jalali_dates():
    """Between the calendar's script and the page's forms, whose date inputs it watches."""
    return format_html(
        '<script src="{}" data-months="{}" data-digits="{}" data-example="{}"></script>',
        static("js/jalali-dates.js"),
        "|".join(persian.month_names()),
        get_language(),
        _("A Jalali date will do, such as 1405/09/04"),
    )


@hooks.register("insert_global_admin_js")
def digits():
    return format_html('<script src="{}"></script>', static("js/persian-digits.js"))


@hooks.register("insert_global_admin_js")
def session_over():
    """Before all that looks at forms which are sent."""
    return format_html(
        '<script src="{}" data-ask="{}" data-over="{}" data-link="{}" data-sign-in="{}"></script>',
        static("js/session-over.js"),
        reverse("still-on"),
        _("Your session has ended, so this is not saved at the moment. Nothing that you wrote is lost:"),
        _("sign in in another tab and come back here."),
        reverse("wagtailadmin_home"),
    )


@hooks.register("insert_editor_js")
def editor_scripts():
    names = [(static("js/autosave.js"),), (static("js/preview-mode.js"),)]
    return format_html_join("\n", '<script src="{}"></script>', names)
