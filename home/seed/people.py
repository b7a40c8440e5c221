"""The staff of a local run. All persons are made up."""

import os
import secrets
from dataclasses import dataclass

from django.contrib.auth.models import Group
from wagtail.users.models import UserProfile

from home.groups import AUDITORS, CLERKS, EDITORS, REGISTRARS, REVIEWERS
from home.seed.units import LIGHTS, WATER
from servicedesk.models import Unit, UnitMembership, User
from servicedesk.roles import Role


@dataclass(frozen=True)
class Person:
    username: str
    first_name: str
    last_name: str
    group: str = ""
    unit: str = ""
    role: str = Role.CLERK

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
    Person("head", "مینا", "سرچشمه", CLERKS, WATER, Role.HEAD),
    Person("approver", "کاوه", "آبشار", CLERKS, WATER, Role.APPROVER),
    Person("reader", "پری", "نیلوفری", CLERKS, WATER, Role.READER),
    Person("registrar", "دارا", "نامه‌دار", REGISTRARS),
    Person("auditor", "هما", "ژرف‌نگر", AUDITORS),
)
# Kinds of work that came later: a town from before gets one person for each that nobody does.
LATER_GROUPS = (REVIEWERS, REGISTRARS, AUDITORS)
LATER_ROLES = (Role.HEAD, Role.APPROVER, Role.READER)


def make_people():
    """Make the staff of a desk that has no ``admin`` yet, and in one from before those whose work nobody does.
    Returns {username: password} of those whose password was drawn here, since the environment gave none."""
    is_new = not User.objects.filter(username=PEOPLE[0].username).exists()
    people = PEOPLE if is_new else [person for person in PEOPLE if _is_missing(person)]
    drawn = {}
    for person in people:
        password = os.environ.get(person.variable, "")
        if not password:
            password = drawn[person.username] = secrets.token_urlsafe(9)
        _make(person, password)
    return drawn


def _is_missing(person):
    """Whether nobody does his work, such as approving what editors submit. A person of that name, in whatever group,
    stays as he is."""
    if User.objects.filter(username=person.username).exists():
        return False
    if person.group in LATER_GROUPS:
        return not Group.objects.filter(name=person.group, user__isnull=False).exists()
    has_unit = Unit.objects.filter(name=person.unit).exists()
    return person.role in LATER_ROLES and has_unit and not UnitMembership.objects.filter(role=person.role).exists()


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
        UnitMembership.objects.create(unit=unit, user=user, role=person.role)
