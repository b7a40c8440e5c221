"""Text as a person types it."""

from django import forms

from servicedesk import persian


class TidyCharField(forms.CharField):
    """One line of a person's text: Persian letters, no control or bidi marks; length counted after that."""

    def to_python(self, value):
        return persian.tidy(super().to_python(value))
