"""What the forms of all verbs have in common."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from servicedesk.forms import UnitChoiceField, UnitSelect

LONGEST_REMARK = 2_000
CAME_INCOMPLETE = _("This form came incomplete. Open the letter anew; what you wrote is below.")


class KeyForm(forms.Form):
    """The name of one rendered form."""

    form_key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": CAME_INCOMPLETE, "invalid": CAME_INCOMPLETE}
    )


class VerbForm(KeyForm):
    """A form that, sent twice, does its work once.

    A verb says of itself: ``name`` (its address and the panel's id), ``act`` (the right it takes), ``title``, ``icon``
    (of templates/icons), ``button``, ``hint`` (what happens then), and on which letters it ``is_offered``.
    """

    # Templates get the class too, of a verb whose form nobody has opened.
    do_not_call_in_templates = True
    name = act = title = button = None
    # The key that opens it; shown in wagtailadmin/shared/keyboard_shortcuts_dialog.html.
    shortcut = ""
    icon, hint = "info", ""
    # Which verb of the page it belongs to, where several buttons share a form.
    panel = None

    def __init__(self, data=None, *, letter, rights):
        super().__init__(data, initial={"form_key": uuid.uuid4()}, auto_id=f"{self.name}-%s")
        self.letter, self.rights = letter, rights
        self.prepare()

    def prepare(self):
        """Makes the fields that depend on the letter."""

    @classmethod
    def is_offered(cls, letter):
        """Whether the verb fits the letter as it stands."""
        return letter.is_open

    @classmethod
    def said(cls, event):
        """The sentence that tells the clerk what the verb did. ``event``: what it left; None where there was nothing
        left to do."""
        raise NotImplementedError

    def send(self, letter, by):
        """Does it: gives the verb's Event, or None. Raises what the verb raises."""
        raise NotImplementedError

    @classmethod
    def address(cls):
        """The name of its address."""
        return f"staff:{cls.name}"

    @classmethod
    def icon_template(cls):
        return f"icons/{cls.icon}.svg"

    @property
    def key(self):
        """The UUID of this form, sent or fresh; None where what was sent is none."""
        if self.is_bound:
            self.is_valid()
            return self.cleaned_data.get("form_key")
        return self.initial["form_key"]


def unit_field(units, *, label):
    """The choice of one of ``units`` (a queryset)."""
    field = UnitChoiceField(
        units,
        label=label,
        widget=UnitSelect,
        error_messages={
            "required": _("Choose the unit."),
            "invalid_choice": _("This unit cannot get the letter. Choose another one."),
        },
    )
    field.empty_label = _("Choose a unit")
    return field
