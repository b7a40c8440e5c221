"""An address in the parts that a letter to it needs."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from servicedesk import persian
from servicedesk.fields.address import AddressField
from servicedesk.questions.question import QuestionType


class Address(QuestionType):
    name, label, icon, group = "address", _("Address"), "home", _("Text")
    description = _("Town, street and postal code.")

    def own_blocks(self):
        return {
            "with_postal_code": blocks.BooleanBlock(label=_("Ask for the postal code"), required=False, default=True)
        }

    def options(self, value):
        return {"with_postal_code": bool(value["with_postal_code"])}

    def field(self, question):
        return AddressField(**question.options)

    def stored(self, cleaned):
        return cleaned or None

    def shown(self, question, value):
        if not value:
            return ""
        lines = [value.get("city"), value.get("street")]
        if code := value.get("postal_code"):
            lines.append(_("Postal code %(code)s") % {"code": persian.left_to_right(persian.in_language(code))})
        return "\n".join(str(line) for line in lines if line)
