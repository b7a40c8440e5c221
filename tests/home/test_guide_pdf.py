"""The guide on paper: what is in it, when it is made anew, and what happens when something is away."""

import io
import re
import socket
from datetime import timedelta
from urllib.parse import unquote

import pikepdf
import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from wagtail.models import PageViewRestriction

from home.models import GuidePage, GuidePdf, ScreenPicture, SiteSettings
from home.printing import making
from home.printing.sheet import Sheet
from home.seed.blocks import block, paragraph, rules, section, subsection
from home.tasks import make_pictures
from servicedesk.models import DeskSettings
from servicedesk.persian import in_language
from servicedesk.printing import press
from servicedesk.printing.press import NotPrinted
from tests.home.pictures import picture
from tests.real_parts import PANGO

pytestmark = [pytest.mark.django_db, pytest.mark.needs(PANGO)]


@pytest.fixture(autouse=True)
def empty_store():
    for name in stored():
        default_storage.delete(f"guide-pdf/{name}")


def stored():
    try:
        return sorted(default_storage.listdir("guide-pdf")[1])
    except FileNotFoundError:
        return []


def work():
    """What the worker does with all that is owed."""
    for pk in GuidePdf.due().values_list("pk", flat=True):
        making.make(pk)


def fetch(client, address="/guide/pdf/"):
    """The PDF's bytes, printed where it was not yet."""
    if client.get(address).status_code == 202:
        work()
    answer = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def pages(pdf):
    """The text of each page as a reader takes it out."""
    return [one_line(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(pdf)]


def one_line(text):
    return re.sub(r"\s+", " ", text.replace("\ufffe", ""))


def structure(pdf):
    """[(tag, its dictionary)] of the whole tree."""
    found = []

    def walk(node):
        if isinstance(node, pikepdf.Array):
            for item in node:
                walk(item)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append((str(node.S), node))
            if "/K" in node:
                walk(node.K)

    walk(pdf.Root.StructTreeRoot.K)
    return found


def change_desk(**values):
    desk = DeskSettings.load()
    for name, value in values.items():
        setattr(desk, name, value)
    desk.save()


def test_holds_the_guide_in_the_order_of_reading(client, filled):
    change_desk(organisation_name="شهرداری آویشن‌رود")
    cover, contents, *text = pages(fetch(client))
    assert "شهرداری آویشن‌رود راهنما" in cover
    assert "نسخٔه راهنما: ۱٫۰" in cover.replace("هٔ", "ٔه")
    assert contents.startswith("فهرست مطالب ۱ میز خدمت چیست؟")
    assert all("شهرداری آویشن‌رود" in page for page in text)
    whole = " ".join(text)
    for sentence in (
        "هر نامه یک کد رهگیری دارد.",
        "نامه‌تان، نوشته و امضاشده، در یک فایل.",
        "سامانه با هر مرورگری کار می‌کند، روی گوشی یا رایانه. چیزی نصب نمی‌کنید.",
        "کد ده رقم دارد. می‌توانید آن را کپی کنید،",
        "وارد شوید؛ همۀ نامه‌هایتان با کدشان در پیشخوان است.",
    ):
        assert sentence.replace("ۀ", "ٔه") in whole.replace("هٔ", "ٔه")
    order = ["میز خدمت چیست؟", "پیش از شروع", "ورود به پیشخوان", "رسید و کد رهگیری", "چند پرسش"]
    places = [whole.index(title) for title in order]
    assert places == sorted(places)


def test_every_page_but_the_cover_says_which_of_how_many_it_is(client, filled):
    cover, *others = pages(fetch(client))
    assert "صفحه" not in cover.rpartition("خیالتان")[2]
    for number, text in enumerate(others, start=2):
        assert in_language(f"صفحه {number} از {len(others) + 1}") in text


def test_the_contents_name_the_pages_on_which_the_sections_are(client, filled, guide):
    texts = pages(fetch(client))
    guide.refresh_from_db()
    named = 0
    for part in guide.all_sections():
        number = in_language("-".join(map(str, reversed(part.number))))  # Right to left, as the text is taken out.
        line = rf"{number} {re.escape(one_line(part.title))} (\d+)"
        page = int(re.search(line, texts[1]).group(1))  # int() reads Persian digits.
        assert page > 2, "the contents themselves hold every title"
        assert f"{number} {one_line(part.title)}" in texts[page - 1]
        named += 1
    assert named >= 12


def test_is_tagged_for_those_who_listen(client, guide, publish):
    image = picture()
    figure = block(
        "figure", image={"image": image.pk, "alt_text": "یک تابلوی سرخ", "decorative": False}, caption="نمونه"
    )
    publish(guide, sections=[section("یک", "one", figure, parts=[subsection("ریز", "part", paragraph("متن"))])])
    with pikepdf.open(io.BytesIO(fetch(client))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == "fa-IR"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.docinfo.Title).startswith("راهنما – ")
        tags = structure(pdf)
        names = [name for name, _node in tags]
        assert {"/H1", "/H2", "/H3", "/P", "/Table", "/TD", "/Link"} <= set(names)
        assert [str(node.Alt) for name, node in tags if name == "/Figure"] == ["یک تابلوی سرخ"]
        with pdf.open_metadata() as metadata:
            assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["فهرست مطالب", "۱ یک"]
            assert [item.title for item in outline.root[1].children] == ["۱-۱ ریز"]


def test_in_english(client, publish):
    english = GuidePage.objects.get(locale__language_code="en")
    publish(english, title="Guide", sections=[section("Sending", "send", paragraph("Some words."), rules("Rules"))])
    pdf = fetch(client, "/en/guide/pdf/")
    cover, contents, text = pages(pdf)
    assert "Guide" in cover
    assert "Contents 1 Sending 3" in contents
    assert "Page 3 of 3" in text
    assert "up to 1 MB" in text
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.Root.Lang) == "en"


def test_is_printed_once_however_many_ask(client, filled):
    for _ in range(5):
        assert client.get("/guide/pdf/").status_code == 202
    assert GuidePdf.objects.count() == 1
    work()
    answer = client.get("/guide/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert unquote(answer["Content-Disposition"]) == "inline; filename*=utf-8''راهنما.pdf"
    made = GuidePdf.objects.get()
    assert client.get("/guide/pdf/").status_code == 200
    assert GuidePdf.due().count() == 0
    again = GuidePdf.objects.get()
    assert (again.pk, again.made_at, again.tries) == (made.pk, made.made_at, 1)


def test_a_browser_that_has_it_is_told_so(client, filled):
    fetch(client)
    answer = client.get("/guide/pdf/")
    assert "no-store" not in answer["Cache-Control"]
    assert client.get("/guide/pdf/", headers={"if-none-match": answer["ETag"]}).status_code == 304
    change_desk(body_file_kilobytes=640)
    assert client.get("/guide/pdf/", headers={"if-none-match": answer["ETag"]}).status_code == 202


def test_while_it_is_printed_a_page_waits_for_it(client, filled):
    answer = client.get("/guide/pdf/")
    assert answer.status_code == 202
    assert int(answer["Refresh"]) > 0
    assert answer["Cache-Control"] == "private, no-store"
    assert "در حال آماده" in answer.content.decode()


def limits_of(client):
    return " ".join(pages(fetch(client)))


def test_follows_the_limits_and_the_old_one_goes(client, filled):
    assert "۱ مگابایت" in limits_of(client)
    [before] = stored()
    change_desk(body_file_kilobytes=2048, body_file_kinds=["pdf"])
    after = limits_of(client)
    assert "۲ مگابایت" in after
    assert ".png" not in after
    assert len(stored()) == 1
    assert stored() != [before]


def test_follows_the_organisations_name_and_what_is_published(client, guide, publish):
    publish(guide, sections=[section("یک", "one", paragraph("متن نخست"))])
    fetch(client)
    change_desk(organisation_name="سازمان آزمون")
    assert "سازمان آزمون" in pages(fetch(client))[0]
    guide.sections[0].value["title"] = "نام تازه"
    guide.save_revision()
    assert "نام تازه" not in " ".join(pages(fetch(client)))
    publish(guide, sections=[section("نام تازه", "one", paragraph("متن دوم"))])
    assert "نام تازه" in " ".join(pages(fetch(client)))


def test_follows_a_picture_that_is_replaced(client, guide, publish):
    image = picture("red")
    figure = block("figure", image={"image": image.pk, "alt_text": "تابلو", "decorative": False}, caption="")
    publish(guide, sections=[section("یک", "one", figure)])
    assert colour_of_figure(fetch(client)) == (255, 0, 0)
    # As Wagtail's own edit view does it.
    image.renditions.all().delete()
    image.file = picture("blue").file
    image.save()
    assert colour_of_figure(fetch(client)) == (0, 0, 255)


def colour_of_figure(pdf):
    page = pypdfium2.PdfDocument(pdf)[2].render(scale=1).to_pil()
    return max(page.getcolors(100_000), key=lambda found: found[0] if max(found[1]) - min(found[1]) > 200 else 0)[1][:3]


def test_whoever_asks_first_waits_for_no_encoding(client, filled, encodings):
    site = SiteSettings.load()
    site.logo = picture("navy")
    site.save()
    make_pictures(site.logo.pk)
    assert ScreenPicture.of("fa")
    encodings.clear()
    assert client.get("/guide/pdf/").status_code == 202
    assert encodings == []


def test_the_link_is_there_once_it_can_be_had(client, filled):
    assert "/guide/pdf/" not in client.get("/guide/").content.decode()
    making.sweep()
    work()
    assert 'href="/guide/pdf/"' in client.get("/guide/").content.decode()


def test_without_pango_the_link_is_hidden_and_the_admin_says_why(client, filled, signed_in, admin_user, monkeypatch):
    fetch(client)
    monkeypatch.setattr(press, "_START", WITHOUT_PANGO + press._START)
    change_desk(body_file_kilobytes=640)
    answer = client.get("/guide/pdf/")
    work()
    assert "/guide/pdf/" not in client.get("/guide/").content.decode()
    assert "Pango" in signed_in(admin_user).get("/admin/").content.decode()
    answer = client.get("/guide/pdf/")
    assert answer.status_code == 503
    assert "Refresh" not in answer
    # Installed meanwhile: the sweep looks again, and all is well.
    monkeypatch.undo()
    GuidePdf.objects.update(claimed_at=timezone.now() - timedelta(hours=1))
    making.sweep()
    work()
    assert "۶۴۰ کیلوبایت" in limits_of(client)
    assert "Pango" not in signed_in(admin_user).get("/admin/").content.decode()


WITHOUT_PANGO = """
import sys; sys.path[:] = sys.argv[1:]
import cffi
def dlopen(self, name, *flags): raise OSError(f"cannot load library {name!r}: no such file")
cffi.FFI.dlopen = dlopen
"""


def test_what_a_lost_nudge_or_a_change_left_undone_the_sweep_finds(client, guide):
    # Nobody has asked for anything, no nudge was ever sent.
    making.sweep()
    assert GuidePdf.objects.filter(page=guide).count() == 1
    work()
    change_desk(text_length=150)
    making.sweep()
    work()
    assert [row.digest for row in GuidePdf.objects.filter(page=guide)] == [Sheet(guide).digest]
    making.sweep()
    assert len(stored()) == GuidePage.objects.live().count()


def test_a_pdf_that_the_store_has_lost_is_made_again(client, filled):
    fetch(client)
    default_storage.delete(GuidePdf.objects.get().key)
    assert client.get("/guide/pdf/").status_code == 202
    work()
    assert client.get("/guide/pdf/").status_code == 200


def test_what_lies_in_the_store_without_a_row_goes(client, filled):
    fetch(client)
    [kept] = stored()
    default_storage.save("guide-pdf/fa-of-a-page-that-was-deleted.pdf", ContentFile(b"%PDF-"))
    making.sweep()
    assert stored() == [kept]


def test_a_document_that_cannot_be_printed_is_given_up_and_said_so(client, filled, monkeypatch):
    monkeypatch.setattr(press, "_START", "raise SystemExit(1)")
    client.get("/guide/pdf/")
    for _ in range(5):
        work()
        GuidePdf.objects.update(claimed_at=timezone.now() - timedelta(hours=1))
    assert GuidePdf.objects.get().tries == 3
    answer = client.get("/guide/pdf/")
    assert answer.status_code == 503
    assert "مرورگر" in answer.content.decode()


def test_two_workers_print_it_once(filled, guide):
    row = GuidePdf.owe(Sheet(guide))
    assert GuidePdf.claim(row.pk) is not None
    assert GuidePdf.claim(row.pk) is None


def test_the_child_reaches_nothing_but_what_it_was_given(tmp_path):
    secret = tmp_path / "secret.css"
    secret.write_text("body::before { content: 'secret' }")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        port = listening.getsockname()[1]
        html = f"""<html lang=fa><title>t</title><link rel=stylesheet href="{secret.as_uri()}">
            <link rel=stylesheet href="http://127.0.0.1:{port}/a.css"><img alt=a src="http://127.0.0.1:{port}/a.png">
            <p>words"""
        text = pages(press.print_pdf(html, "http://localhost/", {}))[0]
        with pytest.raises(TimeoutError):
            listening.accept()
    assert "words" in text
    assert "secret" not in text


def test_the_child_is_bounded(monkeypatch):
    monkeypatch.setattr(press, "MEMORY", 100 * 1024 * 1024)
    with pytest.raises(NotPrinted):
        press.print_pdf("<html lang=fa><title>t</title><p>words", "http://localhost/", {})
    monkeypatch.undo()
    monkeypatch.setattr(press, "SECONDS", 1)
    monkeypatch.setattr(press, "_START", "import time; time.sleep(30)")
    with pytest.raises(NotPrinted, match="not ready"):
        press.print_pdf("<p>words", "http://localhost/", {})


def test_pictures_of_one_name_are_two_pictures():
    first, second = picture("red"), picture("blue")
    assert first.file.name != second.file.name


def test_a_guide_for_members_only_has_no_public_pdf(client, guide):
    PageViewRestriction.objects.create(page=guide, restriction_type=PageViewRestriction.LOGIN)
    assert client.get("/guide/pdf/").status_code == 302
