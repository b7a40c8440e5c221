"""The citizen's forms: what is asked, how it is tidied, and what is said when it does not do."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from servicedesk.fields.identity import MobileField, ReferenceField
from servicedesk.fields.text import LineField

# Radio buttons show all choices at once; beyond this many a list is easier.
MOST_RADIOS = 6


class UnitSelect(forms.Select):
    """A list that says so where the name of a unit is not in the language of the page."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        other = value.instance.words("name")[1] if value else ""
        if other:
            option["attrs"]["lang"] = other
        return option


class UnitChoiceField(forms.ModelChoiceField):
    """Radio buttons up to six units, then a list."""

    def __init__(self, queryset, **kwargs):
        few = queryset.count() <= MOST_RADIOS
        kwargs.setdefault("widget", forms.RadioSelect if few else UnitSelect)
        super().__init__(queryset, empty_label=None if few else _("Choose a unit"), **kwargs)


class LetterForm(forms.Form):
    """The general letter: the four fields of the order. The file is inspected by the view, since that needs
    the store; ``file_error`` puts its refusal beside the field."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    owner = forms.CharField(widget=forms.HiddenInput, required=False)  # Whose form it is: see views/drafts.py.
    body_file = forms.FileField(label=_("Upload the letter's body file"), required=False, allow_empty_file=True)

    field_order = ["form_key", "sender_name", "subject", "unit", "body_file"]

    def __init__(self, data=None, files=None, *, service, settings, initial=None):
        initial = {"form_key": uuid.uuid4(), **(initial or {})}
        super().__init__(data, files, initial=initial)
        self.fields["sender_name"] = LineField(
            label=_("Full name"),
            longest=settings.text_length,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            error_messages={"required": _("Enter your full name.")},
        )
        self.fields["subject"] = LineField(
            label=_("Subject of the request"),
            longest=settings.text_length,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            error_messages={"required": _("Say in a few words what your letter is about.")},
        )
        self.fields["unit"] = UnitChoiceField(
            service.receiving_units(),
            label=_("Receiving unit"),
            error_messages={
                "required": _("Choose the unit that your letter goes to."),
                "invalid_choice": _("This unit no longer receives letters. Choose another one."),
            },
        )
        self.order_fields(self.field_order)
        rules = service.file_rules(settings)
        extensions = ",".join(f".{extension}" for extension in rules.extensions)
        self.fields["body_file"].widget.attrs.update({"accept": extensions, "data-max-bytes": rules.max_bytes})

    def refuse_file(self, sentence):
        """Says beside the file field why the file was not taken."""
        self.add_error("body_file", sentence)


class FileForm(forms.Form):
    """Another file for a letter that lost its own; inspected by the view like that of ``LetterForm``."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    body_file = forms.FileField(label=_("Another file for your letter"), required=False, allow_empty_file=True)

    def __init__(self, data=None):
        super().__init__(data, initial={"form_key": uuid.uuid4()})

    def refuse_file(self, sentence):
        """Says beside the file field why the file was not taken."""
        self.add_error("body_file", sentence)


class TrackOwnForm(forms.Form):
    """The box for a tracking code on the desk's home."""

    reference = ReferenceField()


class TrackForm(forms.Form):
    """Tracking without signing in."""

    reference = ReferenceField()
    mobile = MobileField(label=_("Mobile number that the letter was sent with"))


class RemovalForm(forms.Form):
    """The one thing that a removal request asks: whether it is meant."""

    sure = forms.BooleanField(
        label=_("I know that my letters and answers cannot be brought back."),
        error_messages={"required": _("Tick this box if you are sure.")},
    )
