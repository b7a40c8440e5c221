"""Numbers that name a person, a company or a place; each with its check."""

from django.utils.translation import gettext_lazy as _

from servicedesk import persian
from servicedesk.fields.identity import LegalIdField, MobileField, NationalIdField, PostalCodeField
from servicedesk.questions.question import QuestionType


class _Digits(QuestionType):
    group = _("Numbers that name something")
    own_field = None

    def field(self, question):
        return self.own_field()

    def shown(self, question, value):
        return persian.left_to_right(persian.in_language(value)) if value else ""

    def exported(self, question, value):
        return value or None


class NationalId(_Digits):
    name, label, icon = "national_id", _("National ID of a person"), "user"
    description = _("Ten digits, checked by their last.")
    own_field = NationalIdField


class LegalId(_Digits):
    name, label, icon = "legal_id", _("National ID of a company"), "group"
    description = _("Eleven digits of a company or a body.")
    own_field = LegalIdField


class PostalCode(_Digits):
    name, label, icon = "postal_code", _("Postal code"), "site"
    description = _("Ten digits of a place.")
    own_field = PostalCodeField


class Mobile(_Digits):
    name, label, icon = "mobile", _("Mobile number"), "mobile-alt"
    description = _("A number that an SMS reaches.")
    own_field = MobileField

    def searched(self, question, value):
        # In one piece; it is shown in groups.
        return self.exported(question, value) or ""

    def exported(self, question, value):
        return f"0{value.removeprefix('+98')}" if value else None

    def shown(self, question, value):
        return persian.left_to_right(persian.mobile_for_people(value)) if value else ""
