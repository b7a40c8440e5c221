"""All addresses: what machines ask, the admin, the desk, and the pages."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView
from wagtail import urls as page_urls
from wagtail.admin import urls as admin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.admin.urls import pages as admin_page_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as document_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from config.headers import admin_policy
from home.previews import framed_by_editor
from home.search.view import search
from home.sitemap import SiteMap, robots
from home.style_page import style_page
from home.theme import theme
from home.trying_again import tried_again
from home.views import media
from servicedesk.page_cache import kept_for_strangers
from servicedesk.staff.account import Account
from servicedesk.staff.service_guards import told_why_refused
from servicedesk.staff.sign_in import StaffSignIn
from servicedesk.views.health import healthz, readyz
from servicedesk.views.page_passwords import tries_counted
from servicedesk.views.sms_receipts import sms_receipt

handler404 = "home.not_found.not_found"
handler500 = "servicedesk.views.errors.server_error"

# In the place of Wagtail's own: these count wrong passwords.
admin_urls.urlpatterns[:0] = [
    path("login/", never_cache(StaffSignIn.as_view()), name="wagtailadmin_login"),
    path("account/", never_cache(require_admin_access(Account.as_view())), name="wagtailadmin_account"),
]

decorate_urlpatterns(admin_urls.urlpatterns, admin_policy)
decorate_urlpatterns(admin_urls.urlpatterns, framed_by_editor)
decorate_urlpatterns(admin_urls.urlpatterns, told_why_refused)
decorate_urlpatterns([entry for entry in admin_page_urls.urlpatterns if entry.name == "add"], tried_again)
# The pages themselves, and none of the forms for passwords beside them.
decorate_urlpatterns([entry for entry in page_urls.urlpatterns if entry.name == "wagtail_serve"], kept_for_strangers)
page_passwords = {"wagtailcore_authenticate_with_password", "wagtaildocs_authenticate_with_password"}
decorate_urlpatterns(
    [entry for entry in (*page_urls.urlpatterns, *document_urls.urlpatterns) if entry.name in page_passwords],
    tries_counted,
)

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("desk/sms/<str:secret>/", sms_receipt, name="sms-receipt"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", kept_for_strangers(sitemap), {"sitemaps": {"pages": SiteMap}}, name="sitemap"),
    path("theme-<slug:mark>.css", theme, name="theme"),
    path("media/<path:name>", media, name="media"),
    path(settings.ADMIN_PATH, include(admin_urls)),
    path("documents/", include(document_urls)),
]
urlpatterns += i18n_patterns(
    path("desk/", include("servicedesk.urls")),
    path("search/", search, name="search"),
    # Wagtail's second door for passwords leads to the first.
    path("_util/login/", RedirectView.as_view(pattern_name="wagtailadmin_login", query_string=True)),
    path("style/", style_page, name="style"),
    path("", include(page_urls)),
    prefix_default_language=False,
)
