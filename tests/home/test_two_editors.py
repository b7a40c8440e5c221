"""Two editors who make a page below the same one at the same moment."""

import threading
import time

import pytest
from django.db import connection, transaction

from home.models import ContentPage, HomePage

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def form_of(title, slug):
    return {
        "title": title,
        "slug": slug,
        "introduction": "",
        "body-count": 1,
        "body-0-type": "text",
        "body-0-order": 0,
        "body-0-deleted": "",
        "body-0-value-heading": "",
        "body-0-value-text": '{"blocks":[{"key":"a","text":"متن","type":"unstyled","depth":0,'
        '"inlineStyleRanges":[],"entityRanges":[],"data":{}}],"entityMap":{}}',
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }


@pytest.mark.parametrize(("slug", "pages"), [("another", 2), ("same", 1)], ids=["two pages", "one address"])
def test_the_second_one_is_answered_not_broken(signed_in, admin_user, slug, pages):
    browser = signed_in(admin_user)
    home = HomePage.objects.get(slug="home")
    inside, may_end = threading.Event(), threading.Event()

    def first():
        try:
            with transaction.atomic():
                page = ContentPage(title="نخست", slug="same", body="[]")
                HomePage.objects.get(pk=home.pk).add_child(instance=page)
                inside.set()
                may_end.wait(30)
        finally:
            connection.close()

    other = threading.Thread(target=first)
    other.start()
    assert inside.wait(30)
    # The second one is stopped by the first one's place in the tree, and goes on when that is decided.
    threading.Thread(target=lambda: (time.sleep(1), may_end.set())).start()
    answer = browser.post(f"/admin/pages/add/home/contentpage/{home.pk}/", form_of("دوم", slug))
    other.join()
    assert ContentPage.objects.filter(slug__in=("same", "another")).count() == pages
    if pages == 1:
        page = answer.content.decode()
        assert answer.status_code == 200
        assert 'value="دوم"' in page
        assert "متن" in page
    else:
        assert answer.status_code in (302, 303)
