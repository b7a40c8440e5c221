"""How many questions a screen asks the database does not grow with what there is to show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home.models import Banner, HomePage, NewsIndexPage, NewsPage
from home.search import index
from servicedesk.models import ServicePage
from tests import factories

pytestmark = pytest.mark.django_db
PUBLIC = ("/", "/news/", "/news/rss/", "/contact/", "/service-level/", "/guide/", "/search/?q=خبر", "/sitemap.xml")
OF_EDITORS = ("/admin/banners/", "/admin/units/", "/admin/pages/{home}/", "/admin/reports/aging-pages/")


def more_of_everything(start):
    home = HomePage.objects.get(slug="home")
    news = NewsIndexPage.objects.get(locale=home.locale)
    for number in range(start, start + 3):
        entry = NewsPage(title=f"خبر {number}", slug=f"news-{number}", introduction="خبر", date=timezone.localdate())
        news.add_child(instance=entry).save_revision().publish()
        service = ServicePage(title=f"خدمت {number}", slug=f"service-{number}", summary="خدمت", promised_days=3)
        home.add_child(instance=service)
        factories.make_unit(f"واحد {number}")
        Banner.objects.create(text=f"خبر {number}")
    index.rebuild()


def questions(browser, address):
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def test_they_do_not_grow(filled, client, leila, admin_user, signed_in):
    home = HomePage.objects.get(slug="home").pk
    # An address with a query is not kept for strangers.
    screens = {address + ("&anew" if "?" in address else "?anew"): client for address in PUBLIC}
    screens |= {address.format(home=home): signed_in(admin_user) for address in OF_EDITORS}
    screens["/desk/"] = signed_in(leila)
    more_of_everything(10)
    before = {address: questions(browser, address) for address, browser in screens.items()}
    more_of_everything(20)
    after = {address: questions(browser, address) for address, browser in screens.items()}
    assert {address: (before[address], count) for address, count in after.items() if count > before[address]} == {}
