"""What the public site adds to the Wagtail admin."""

from django.contrib.auth.models import Permission
from wagtail import hooks

from home import content_checks
from home.banners import BannerViewSet
from home.pdf_panel import PdfBanner


@hooks.register("register_admin_viewset")
def banners():
    return BannerViewSet()


@hooks.register("construct_homepage_panels")
def guide_without_pdf(request, panels):
    panels.append(PdfBanner())


@hooks.register("register_permissions")
def permissions():
    return Permission.objects.filter(
        content_type__app_label="home", codename__in=["add_banner", "change_banner", "delete_banner"]
    )


@hooks.register("construct_wagtail_userbar")
def checks_with_our_words(request, items, page):
    content_checks.use_ours(items)
