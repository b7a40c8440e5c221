"""The pages of a new site: home, guide and the service of the general letter, with short neutral texts.

Wagtail's welcome page becomes the home page, so the site works before anybody has opened the admin. `manage.py
seed` fills the same pages at length; neither touches a page that an editor has saved.
"""

import json
import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import migrations
from django.utils import timezone

HOME_FA, GUIDE_FA, LETTER_FA, HOME_EN, GUIDE_EN = "00010001", "000100010001", "000100010002", "00010002", "000100020001"

LEAD = {
    "heading": "میز خدمت الکترونیک",
    "text": "نامه‌تان را از هر جا که هستید بفرستید، کد رهگیری بگیرید و پاسخ را همین‌جا بخوانید.",
    "button": "ورود و ثبت درخواست",
    "track_link": "پیگیری درخواست",
}
LEAD_EN = {
    "heading": "Electronic service desk",
    "text": "Send your letter from wherever you are, get a tracking code, and read the answer here.",
    "button": "Sign in and send a request",
    "track_link": "Track a request",
}
HOME_BODY = [
    {"type": "lead", "value": LEAD},
    {"type": "services", "value": {"heading": "خدمت‌ها", "text": ""}},
]
HOME_BODY_EN = [
    {"type": "lead", "value": LEAD_EN},
    {"type": "services", "value": {"heading": "Services", "text": ""}},
]


def section(title, anchor, *content):
    return {"type": "section", "value": {"title": title, "anchor": anchor, "content": content, "subsections": []}}


def paragraph(text):
    return {"type": "paragraph", "value": f"<p>{text}</p>"}


GUIDE_SECTIONS = [
    section(
        "ورود",
        "sign-in",
        paragraph("با شماره تلفن همراه و کدی که برایتان پیامک می‌شود وارد می‌شوید؛ گذرواژه لازم نیست."),
    ),
    section(
        "فرستادن درخواست",
        "send",
        paragraph("نام، موضوع و واحد گیرنده را بنویسید، فایل نامه را انتخاب کنید و بفرستید."),
        {"type": "rules", "value": {"heading": "قوانین ارسال اطلاعات"}},
    ),
    section(
        "پیگیری",
        "track",
        paragraph("هر درخواست کد رهگیری دارد. با آن کد می‌بینید درخواست کجاست و پاسخ آمده است یا نه."),
    ),
]
GUIDE_SECTIONS_EN = [
    section("Signing in", "sign-in", paragraph("Your mobile number and a code by SMS are enough; there is no password.")),
    section(
        "Sending a letter",
        "send",
        paragraph("Give your name, the subject and the unit, choose the file of your letter, and send it."),
        {"type": "rules", "value": {"heading": "Rules for sending"}},
    ),
    section("Tracking", "track", paragraph("Each letter has a tracking code, which tells where it is.")),
]


def stream(blocks):
    """Blocks as StreamField keeps them, each with an id of its own."""
    return json.dumps([{**block, "id": str(uuid.uuid4())} for block in with_ids(blocks)])


def with_ids(blocks):
    for block in blocks:
        if block["type"] == "section":
            content = [{**part, "id": str(uuid.uuid4())} for part in block["value"]["content"]]
            block = {**block, "value": {**block["value"], "content": content}}
        yield block


def live(title, slug, path, url_path, **values):
    """The columns of a published page."""
    now = timezone.now()
    return {
        "title": title,
        "draft_title": title,
        "slug": slug,
        "path": path,
        "depth": len(path) // 4,
        "url_path": url_path,
        "numchild": 0,
        "live": True,
        "first_published_at": now,
        "last_published_at": now,
        **values,
    }


def make_pages(apps, schema_editor):
    Locale = apps.get_model("wagtailcore", "Locale")
    Page = apps.get_model("wagtailcore", "Page")
    welcome = Page.objects.filter(path=HOME_FA).first()
    if welcome is None:  # Somebody has made pages before us; they know better.
        return
    persian, _ = Locale.objects.get_or_create(language_code="fa")
    english, _ = Locale.objects.get_or_create(language_code="en")
    keys = {"home": uuid.uuid4(), "guide": uuid.uuid4()}
    _make_persian(apps, welcome, persian, keys)
    _make_english(apps, english, keys)
    Page.objects.filter(path="0001").update(numchild=2, locale=persian)
    _name_site(apps)


def content_type(apps, app_label, model):
    return apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app_label, model=model)[0]


def _make_persian(apps, welcome, locale, keys):
    home = apps.get_model("home", "HomePage")(
        page_ptr_id=welcome.pk,
        body=stream(HOME_BODY),
        **live("صفحه نخست", "home", HOME_FA, "/home/", numchild=2, locale=locale, translation_key=keys["home"]),
    )
    home.content_type = content_type(apps, "home", "homepage")
    home.save()
    apps.get_model("home", "GuidePage").objects.create(
        introduction="از ورود تا خواندن پاسخ، گام به گام.",
        version="1",
        sections=stream(GUIDE_SECTIONS),
        content_type=content_type(apps, "home", "guidepage"),
        **live("راهنما", "guide", GUIDE_FA, "/home/guide/", locale=locale, translation_key=keys["guide"]),
    )
    letter = apps.get_model("servicedesk", "ServicePage").objects.create(
        summary="برای هر درخواستی که خدمت جداگانه‌ای ندارد؛ نامه‌تان را به واحدی که می‌خواهید می‌رسانیم.",
        content_type=content_type(apps, "servicedesk", "servicepage"),
        **live("درخواست عمومی", "general-letter", LETTER_FA, "/home/general-letter/", locale=locale),
    )
    settings_model = apps.get_model("servicedesk", "DeskSettings")
    desk = settings_model.objects.first() or settings_model()
    desk.general_service = letter
    desk.save()


def _make_english(apps, locale, keys):
    apps.get_model("home", "HomePage").objects.create(
        body=stream(HOME_BODY_EN),
        content_type=content_type(apps, "home", "homepage"),
        **live("Home", "home-en", HOME_EN, "/home-en/", numchild=1, locale=locale, translation_key=keys["home"]),
    )
    apps.get_model("home", "GuidePage").objects.create(
        introduction="From signing in to reading the answer, step by step.",
        version="1",
        sections=stream(GUIDE_SECTIONS_EN),
        content_type=content_type(apps, "home", "guidepage"),
        **live("Guide", "guide", GUIDE_EN, "/home-en/guide/", locale=locale, translation_key=keys["guide"]),
    )


def _name_site(apps):
    public = urlsplit(settings.PUBLIC_URL)
    port = public.port or (443 if public.scheme == "https" else 80)
    apps.get_model("wagtailcore", "Site").objects.filter(is_default_site=True).update(
        hostname=public.hostname, port=port, site_name="میز خدمت"
    )


class Migration(migrations.Migration):

    dependencies = [
        ("home", "0001_initial"),
        ("servicedesk", "0002_desk"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_pages, migrations.RunPython.noop)]
