"""What a superuser says about a removal request, and asks about a removed letter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from servicedesk.fields.identity import ReferenceField


class CarryOutForm(forms.Form):
    sure = forms.BooleanField(
        label=_("I have checked that no law or open case asks for keeping these letters."),
        error_messages={"required": _("Tick this box if you are sure.")},
    )


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason, for the citizen to read"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Say why: the citizen reads it.")},
    )


class LookUpForm(forms.Form):
    """Was the letter of this tracking code removed?"""

    reference = ReferenceField(label=_("Tracking code of a letter"))
