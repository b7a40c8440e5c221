"""The citizen's forms: what is asked, how it is tidied, and what is said when it does not do."""

import uuid
from dataclasses import dataclass

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from servicedesk.fields.identity import MobileField, ReferenceField
from servicedesk.fields.text import ParagraphField
from servicedesk.uploads.inspection import Rules

FOUND_IN_FILE = _(
    "The virus scanner found something harmful in the file that you chose, so we have removed it. Choose another file; "
    "a photo of the page will do as well."
)
LONGEST_REPLY, MOST_REPLY_FILES = 2_000, 5
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


class _FetchedOnce(ModelChoiceIterator):
    """Goes through the units that the field has fetched already."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from (self.choice(unit) for unit in self.field.units)


class UnitChoiceField(forms.ModelChoiceField):
    """Radio buttons up to six units, then a list."""

    iterator = _FetchedOnce

    def __init__(self, queryset, **kwargs):
        self.units = list(queryset)
        few = len(self.units) <= MOST_RADIOS
        kwargs.setdefault("widget", forms.RadioSelect if few else UnitSelect)
        super().__init__(queryset, empty_label=None if few else _("Choose a unit"), **kwargs)


@dataclass(frozen=True)
class FileSlot:
    """A place for files in a form: the body of a letter (``question`` None) or the files of one question."""

    field_name: str
    question: str | None
    rules: Rules
    most: int = 1
    is_required: bool = True
    # What is asked for is no letter: the body is called otherwise than the desk does, or it is a reply.
    is_renamed: bool = False


class FileForm(forms.Form):
    """Another file for a letter that lost its own; taken by the view like those of ``ServiceForm``."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    body_file = forms.FileField(label=_("Another file for your letter"), required=False, allow_empty_file=True)

    def __init__(self, data=None, *, rules=None, kept=()):
        super().__init__(data, initial={"form_key": uuid.uuid4()})
        self.rules, self.kept = rules, list(kept)

    def slots(self, step=None):
        return [FileSlot("body_file", None, self.rules)]

    def files_in(self, slot):
        return self.kept[: slot.most]

    def refuse_file(self, slot, sentence):
        """Says beside the file field why the file was not taken."""
        self.add_error(slot.field_name, sentence)


class CompletionForm(forms.Form):
    """The citizen's reply to what was asked for in the course of a letter: words, files, or both."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    text = ParagraphField(label=_("Your reply"), longest=LONGEST_REPLY, rows=5, required=False)
    files = forms.FileField(label=_("Files"), required=False, allow_empty_file=True)

    def __init__(self, data=None, *, asked=None, rules=None, kept=()):
        super().__init__(data, initial={"form_key": uuid.uuid4()})
        self.asked, self.rules, self.kept = asked, rules, list(kept)

    def slots(self, step=None):
        return [
            FileSlot(
                "files", None, self.rules, MOST_REPLY_FILES, bool(self.asked and self.asked.wanted), is_renamed=True
            )
        ]

    def files_in(self, slot):
        return self.kept[: slot.most]

    def refuse_file(self, slot, sentence):
        """Says beside the file field why a file was not taken."""
        self.add_error(slot.field_name, sentence)

    def demand_something(self):
        """Once the files are taken: whether anything is said or sent at all, else why not in words."""
        if self.errors or self.kept or self.cleaned_data["text"]:
            return
        if self.asked.wanted:
            self.add_error("files", _("Send the file that was asked for, or write why you cannot."))
        else:
            self.add_error("text", _("Write your reply, or send a file."))


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
