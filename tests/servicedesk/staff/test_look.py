"""Looking at a file on the letter's page: pictures drawn by the child, never the file's own bytes."""

import io
import uuid

import pikepdf
import pytest
from django.urls import reverse
from PIL import Image

from servicedesk.models import Attachment, StaffView
from tests import factories


def pdf(pages):
    document = pikepdf.new()
    for number in range(pages):
        document.add_blank_page(page_size=(300, 200 + number * 100))
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


@pytest.fixture
def paper(leila, letter):
    """A PDF of three pages in Leila's letter."""
    file = factories.make_attachment(leila, content=pdf(3), name="نامه.pdf")
    Attachment.objects.filter(pk=file.pk).update(letter=letter, state="released")
    return Attachment.objects.get(pk=file.pk)


def page(browser, letter, file, number):
    return browser.get(reverse("staff:file-page", args=[letter.reference, file.pk, number]))


def test_each_page_of_a_pdf_comes_as_a_picture(signed_in, sara, letter, paper):
    for number, height in ((1, 200), (2, 300), (3, 400)):
        answer = page(signed_in(sara), letter, paper, number)
        assert (answer["Content-Type"], answer["X-Pages"]) == ("image/jpeg", "3")
        width_to_height = Image.open(io.BytesIO(answer.content))
        assert width_to_height.width / width_to_height.height == pytest.approx(300 / height, rel=0.01)
    for number in (0, 4):
        assert page(signed_in(sara), letter, paper, number).status_code == 404


def test_a_picture_is_drawn_anew(signed_in, sara, letter):
    file = letter.body_file
    Attachment.objects.filter(pk=file.pk).update(state="released")
    answer = page(signed_in(sara), letter, file, 1)
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert answer.content != file.open().read()


def test_it_is_written_down_once_for_all_pages(signed_in, sara, letter, paper):
    browser = signed_in(sara)
    for number in (1, 2, 3):
        page(browser, letter, paper, number)
    assert StaffView.objects.filter(letter=letter, user=sara, what="file").count() == 1


@pytest.mark.parametrize("state", ["pending", "removed"])
def test_what_is_not_released_is_not_drawn(signed_in, sara, letter, paper, state):
    Attachment.objects.filter(pk=paper.pk).update(state=state)
    assert page(signed_in(sara), letter, paper, 1).status_code == 404


def test_nobody_looks_at_files_of_letters_that_he_does_not_see(
    signed_in, sara, omid, leila, water, roads, letter, paper
):
    assert page(signed_in(omid), letter, paper, 1).status_code == 404
    other = factories.make_letter(leila, roads)
    assert page(signed_in(omid), other, paper, 1).status_code == 404
    assert signed_in(sara).get(reverse("staff:file-page", args=[letter.reference, uuid.uuid4(), 1])).status_code == 404
    # At the address of the letter that it belongs to, and at no other one.
    assert page(signed_in(sara), factories.make_letter(leila, water), paper, 1).status_code == 404


def test_a_broken_file_is_not_found_rather_than_an_error(signed_in, sara, letter, paper):
    Attachment.objects.filter(pk=paper.pk).update(kind="png")
    assert page(signed_in(sara), letter, paper, 1).status_code == 404


def test_the_page_offers_it_where_it_can_be_drawn(signed_in, sara, letter, paper):
    body = signed_in(sara).get(reverse("staff:letter", args=[letter.reference])).content.decode()
    assert f"/files/{paper.pk}/pages/1/" in body
    Attachment.objects.filter(pk=paper.pk).update(kind="zip")
    body = signed_in(sara).get(reverse("staff:letter", args=[letter.reference])).content.decode()
    assert f"/files/{paper.pk}/pages/1/" not in body
