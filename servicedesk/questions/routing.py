"""Which unit gets a letter, decided by its answers: routes that are tried from the top, the last for all others."""

from dataclasses import dataclass, field

from django import forms
from django.utils.translation import gettext_lazy
from wagtail import blocks

from servicedesk.questions.conditions import Condition, ConditionBlock, condition_of
from servicedesk.questions.form_blocks import FormField

MOST_ROUTES = 30


@dataclass(frozen=True)
class Route:
    """Letters whose answers fit go to this unit (its primary key)."""

    unit: int
    condition: Condition = field(default_factory=Condition)

    @classmethod
    def from_json(cls, data):
        return cls(data["unit"], Condition.from_json(data.get("condition")))

    def as_json(self):
        return {"unit": self.unit, "condition": self.condition.as_json()}


def routes_of(routing):
    """The Routes that an editor made. ``routing`` is the StreamValue of a RoutingField; a unit that is gone is 0."""
    return tuple(
        Route(block.value["unit"].pk if block.value["unit"] else 0, condition_of(block.value["condition"]))
        for block in routing
    )


class UnitBlock(blocks.ChooserBlock):
    """A unit from a list: there are tens of them, not thousands."""

    # By its name: models lie above.
    target_model = "servicedesk.Unit"
    widget = forms.Select()

    def get_form_state(self, value):
        # As of any list: what Wagtail's choosers ask their own widgets for, a plain one does not have.
        return blocks.FieldBlock.get_form_state(self, value)

    class Meta:
        icon = "group"


class RouteBlock(blocks.StructBlock):
    condition = ConditionBlock(label=gettext_lazy("Which letters"), required=False)
    unit = UnitBlock(label=gettext_lazy("Unit that gets them"))

    class Meta:
        icon = "group"
        label = gettext_lazy("Unit by answers")
        description = gettext_lazy("Letters with these answers go to this unit.")
        label_format = "{unit}"


class RoutesBlock(blocks.StreamBlock):
    route = RouteBlock()

    class Meta:
        max_num = MOST_ROUTES


class RoutingField(FormField):
    outermost = RoutesBlock
