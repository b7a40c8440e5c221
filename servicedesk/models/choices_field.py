"""Several choices of a short list, ticked by the editor and kept as an array of their names."""

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models


class ChoicesField(ArrayField):
    """``several``: the choices as (name, label), or what makes them. The value is a list of names, in their order."""

    def __init__(self, verbose_name=None, *, several=(), **kwargs):
        self.several = several
        kwargs.setdefault("base_field", models.CharField(max_length=20))
        super().__init__(verbose_name=verbose_name, **kwargs)

    def formfield(self, **kwargs):
        return forms.TypedMultipleChoiceField(
            choices=self.several,
            required=not self.blank,
            label=self.verbose_name,
            help_text=self.help_text,
            widget=forms.CheckboxSelectMultiple,
        )

    def labels(self, names):
        """What people read for these names, in the order of the choices; an unknown one is left out."""
        return [label for name, label in self.several if name in (names or ())]
