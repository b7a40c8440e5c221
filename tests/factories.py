"""Makers of the nouns that tests need, named after the states that they make. No person here is real."""

import io
import itertools
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.models import Site

from servicedesk.models import Attachment, DeskSettings, Letter, ServicePage, Unit, UnitMembership, User
from servicedesk.models.verbs.arriving import LetterContent

_mobiles = itertools.count(1)


def make_citizen(**values):
    return User.citizens.owning(values.pop("mobile", f"+98900{next(_mobiles):07d}"))


def make_unit(name, *members):
    unit = Unit.objects.create(name=name)
    for member in members:
        UnitMembership.objects.create(unit=unit, user=member)
    return unit


def make_staff(username, *units, **values):
    """A staff member who may open the admin, a member of ``units``."""
    values = {"is_staff": True, "password": "correct horse battery", **values}
    user = User.objects.create_user(username, f"{username}@example.ir", **values)
    allow_admin(user)
    for unit in units:
        UnitMembership.objects.create(unit=unit, user=user)
    return user


def allow_admin(user):
    """What the group «کارشناس» of the seed gives: the admin's door, and no more."""
    permission = user._meta.apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="wagtailadmin", codename="access_admin"
    )
    user.user_permissions.add(permission)


def make_service(title="درخواست عمومی", slug="letter", **values):
    """A live service page below the home page; the first one made is the general letter's."""
    page = Site.objects.get(is_default_site=True).root_page.add_child(
        instance=ServicePage(title=title, slug=slug, summary="خلاصه", **values)
    )
    desk = DeskSettings.load()
    if desk.general_service is None:
        desk.general_service = page
        desk.save()
    return page


def png(width=40, height=30, colour="navy"):
    """The bytes of a small picture."""
    content = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(content, "PNG")
    return content.getvalue()


def upload(name="نامه.png", content=None):
    """An uploaded file as a form would hand it over."""
    return SimpleUploadedFile(name, png() if content is None else content)


def make_attachment(owner, form_key=None, question=None, **values):
    """A file that passed inspection and lies in the store, not yet part of a letter."""
    rules = DeskSettings.load().body_file_rules
    return Attachment.accept(
        upload(**values), owner=owner, form_key=form_key or uuid.uuid4(), rules=rules, question=question
    )


def make_letter(citizen, unit, *, service=None, subject="چراغ کوچه خاموش است", sender_name="لیلا نمونه", **more):
    """A letter in review, with its file. ``more``: what else there is of LetterContent."""
    form_key = uuid.uuid4()
    body = make_attachment(citizen, form_key)
    service = service or ServicePage.objects.filter(locale__language_code="fa").first() or make_service()
    content = LetterContent(sender_name=sender_name, subject=subject, unit=unit, body=body, **more)
    return Letter.submit(citizen=citizen, service=service, form_key=form_key, content=content)


def make_answered_letter(citizen, unit, by, text="چراغ عوض شد.", **values):
    letter = make_letter(citizen, unit, **values)
    letter.answer(by=by, text=text)
    return letter
