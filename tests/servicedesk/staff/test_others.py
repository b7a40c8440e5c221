"""Beside a letter: the citizen's other ones, and which may say the same; only what its reader may see."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from servicedesk.models import Letter
from tests import factories

from .conftest import at, page_of


def parts(browser, letter):
    """The words under «these may say the same», and those under «other letters»."""
    page = page_of(browser.get(f"{at('others', letter)}?part"))
    before, _, after = page.partition("نامه‌های دیگر این شهروند")
    return before, after


@pytest.fixture
def other(leila, water, service):
    return factories.make_letter(leila, water, service=service, subject="چیز دیگر")


def test_the_citizens_other_letters_are_listed(signed_in, sara, letter, other, water, service):
    stranger = factories.make_letter(factories.make_citizen(), water, service=service, subject="از کس دیگر")
    stranger.attachments.update(sha256="a" * 64)
    same, rest = parts(signed_in(sara), letter)
    assert "چیز دیگر" in rest
    assert "از کس دیگر" not in same + rest
    assert letter.subject not in same + rest


def test_letters_of_units_that_one_does_not_see_are_not_there(signed_in, sara, letter, leila, roads, service):
    factories.make_letter(leila, roads, service=service, subject="نامهٔ پنهان")
    page = page_of(signed_in(sara).get(at("others", letter)))
    assert "نامهٔ پنهان" not in page
    assert "نامهٔ دیگری نیست" in page


def test_the_same_subject_in_another_spelling_may_be_the_same_letter(signed_in, sara, leila, water, service):
    one, two = (
        factories.make_letter(leila, water, service=service, subject=words)
        for words in ("لوله‌کشی کوچه", "لوله كشي كوچه")
    )
    same, _rest = parts(signed_in(sara), one)
    assert two.subject in same
    Letter.objects.filter(pk=two.pk).update(submitted_at=Now() - timedelta(days=200))
    same, _rest = parts(signed_in(sara), one)
    assert two.subject not in same


def test_the_same_file_from_somebody_else_may_be_the_same_letter(signed_in, sara, letter, water, service):
    twin = factories.make_letter(factories.make_citizen(), water, service=service, subject="بی‌ربط", sender_name="کیان")
    twin.attachments.update(sha256="a" * 64)
    same, _rest = parts(signed_in(sara), letter)
    assert "بی‌ربط" not in same
    letter.attachments.update(sha256="a" * 64)
    same, _rest = parts(signed_in(sara), letter)
    assert "بی‌ربط" in same


def test_a_name_alone_says_nothing(signed_in, sara, letter, water, service):
    factories.make_letter(
        factories.make_citizen(), water, service=service, subject="نامهٔ همنام", sender_name=letter.sender_name
    ).attachments.update(sha256="b" * 64)
    same, rest = parts(signed_in(sara), letter)
    assert "نامهٔ همنام" not in same + rest
