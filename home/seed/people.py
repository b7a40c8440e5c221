"""The staff of a local run and what their groups may do. All persons are made up."""

import os
import secrets
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Page, Task, Workflow
from wagtail.users.models import UserProfile

from home.seed.units import LIGHTS, WATER
from servicedesk.models import Unit, UnitMembership, User

EDITORS, REVIEWERS, CLERKS = "ویراستار", "ناظر", "کارشناس"
# What Wagtail's first migration calls them; their rights on pages, pictures and documents are kept.
WAGTAIL_NAMES = {EDITORS: "Editors", REVIEWERS: "Moderators"}
ADMIN_DOOR = ("wagtailadmin", "access_admin")
EDITORS_RIGHTS = (
    ADMIN_DOOR,
    ("home", "add_banner"),
    ("home", "change_banner"),
    ("home", "delete_banner"),
    ("home", "change_sitesettings"),
    ("servicedesk", "change_desksettings"),
    ("servicedesk", "change_unit_contact"),
    ("simple_translation", "submit_translation"),
    ("wagtailredirects", "add_redirect"),
    ("wagtailredirects", "change_redirect"),
    ("wagtailredirects", "delete_redirect"),
)
# An editor writes and submits; who approves is somebody else. Wagtail's own first groups have the same.
PAGE_RIGHTS = {EDITORS: ("add_page", "change_page"), REVIEWERS: ("add_page", "change_page", "publish_page")}


@dataclass(frozen=True)
class Person:
    username: str
    first_name: str
    last_name: str
    group: str = ""
    unit: str = ""

    @property
    def variable(self):
        """The environment variable that may hold the password."""
        return f"SEED_PASSWORD_{self.username.upper().replace('-', '_')}"


PEOPLE = (
    Person("admin", "مدیر", "سامانه"),
    Person("editor", "نگار", "آذین‌پور", EDITORS),
    Person("reviewer", "بهمن", "سپیدار", REVIEWERS),
    Person("clerk-1", "سارا", "رودبانی", CLERKS, WATER),
    Person("clerk-2", "امید", "چمن‌آرا", CLERKS, LIGHTS),
)


def make_groups():
    """The groups of editors, reviewers and clerks, and the Persian name of Wagtail's first workflow."""
    for name, before in WAGTAIL_NAMES.items():
        if not Group.objects.filter(name=name).exists():
            Group.objects.filter(name=before).update(name=name)
    for name in (EDITORS, REVIEWERS):
        group, made = Group.objects.get_or_create(name=name)
        if made or not group.user_set.exists():
            group.permissions.add(*(_permission(*right) for right in EDITORS_RIGHTS))
            _let_write(group, PAGE_RIGHTS[name])
    clerks, made_clerks = Group.objects.get_or_create(name=CLERKS)
    if made_clerks:
        clerks.permissions.add(_permission(*ADMIN_DOOR))
    for model in (Task, Workflow):
        model.objects.filter(name="Moderators approval").update(name="بازبینی ناظر")


def _let_write(group, rights):
    root = Page.get_first_root_node()
    for codename in rights:
        GroupPagePermission.objects.get_or_create(
            group=group, page=root, permission=_permission("wagtailcore", codename)
        )


def _permission(app_label, codename):
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)


def make_people():
    """Make the staff of a desk that has no ``admin`` yet, and the reviewer of one from before there was a review.
    Returns {username: password} of those whose password was drawn here, since the environment gave none."""
    is_new = not User.objects.filter(username=PEOPLE[0].username).exists()
    people = PEOPLE if is_new else [person for person in PEOPLE if _is_missing_reviewer(person)]
    drawn = {}
    for person in people:
        password = os.environ.get(person.variable, "")
        if not password:
            password = drawn[person.username] = secrets.token_urlsafe(9)
        _make(person, password)
    return drawn


def _is_missing_reviewer(person):
    """Whether nobody could approve what editors submit. A person of that name, in whatever group, stays as he is."""
    if person.group != REVIEWERS or User.objects.filter(username=person.username).exists():
        return False
    return not Group.objects.filter(name=REVIEWERS, user__isnull=False).exists()


def _make(person, password):
    make = User.objects.create_user if person.group else User.objects.create_superuser
    user = make(
        person.username,
        f"{person.username}@avishanrood.example",
        password,
        first_name=person.first_name,
        last_name=person.last_name,
        is_staff=True,
    )
    UserProfile.objects.create(user=user, preferred_language="fa", current_time_zone="Asia/Tehran")
    if person.group:
        user.groups.add(Group.objects.get(name=person.group))
    unit = Unit.objects.filter(name=person.unit).first()
    if unit:
        UnitMembership.objects.create(unit=unit, user=user)
