"""Text as a person types it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from servicedesk import persian


class TidyCharField(forms.CharField):
    """One line of a person's text: Persian letters, no control or bidi marks; length counted after that."""

    def to_python(self, value):
        return persian.tidy(super().to_python(value))


class _Limited:
    """Lengths that the person hears about, instead of a box that swallows what is typed beyond them."""

    default_error_messages = {
        "required": _("Write something here; this cannot be left empty."),
        "max_length": _("Use at most %(limit)s characters; now it has %(length)s."),
        "min_length": _("Write at least %(limit)s characters; now it has %(length)s."),
    }

    def __init__(self, *, longest, shortest=0, **field):
        super().__init__(**field)
        self.max_length_said = longest
        self.min_length_said = shortest
        self.widget.attrs["data-max-length"] = longest

    def validate(self, value):
        super().validate(value)
        if len(value) > self.max_length_said:
            raise self._refusal("max_length", self.max_length_said, value)
        if value and len(value) < self.min_length_said:
            raise self._refusal("min_length", self.min_length_said, value)

    def _refusal(self, code, limit, value):
        params = {"limit": persian.in_language(limit), "length": persian.in_language(len(value))}
        return forms.ValidationError(self.error_messages[code], code=code, params=params)


class LineField(_Limited, TidyCharField):
    """One line with ``shortest`` to ``longest`` characters, counted as they are kept."""


class ParagraphField(_Limited, forms.CharField):
    """Several lines with ``shortest`` to ``longest`` characters, counted as they are kept (a line's end is one)."""

    def __init__(self, *, longest, shortest=0, rows=6, **field):
        field.setdefault("widget", forms.Textarea(attrs={"rows": rows, "cols": False}))
        super().__init__(longest=longest, shortest=shortest, **field)

    def to_python(self, value):
        return persian.tidy_text(super().to_python(value))
