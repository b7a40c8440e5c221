"""Tables of what people type into a field, and of the sentences that they hear."""

import pytest
from django import forms
from django.utils import translation


def refusals(field, typed):
    """The errors of a field's ``clean``, each a ``ValidationError``; none fails the test."""
    with pytest.raises(forms.ValidationError) as caught:
        field.clean(typed)
    return caught.value.error_list


def sentence(error, language="fa"):
    with translation.override(language):
        return error.messages[0]


def own_sentences(field_class, said):
    """Whether each refusal of ``field_class`` is tried by a row of a table (``said`` are their codes), has a Persian
    sentence of its own, and is said like no other."""
    messages = field_class.default_error_messages
    assert set(said) == set(messages), "a refusal that no row of the table provokes"
    with translation.override("en"):
        english = {code: str(message) for code, message in messages.items()}
    with translation.override("fa"):
        persian = {code: str(message) for code, message in messages.items()}
    assert [code for code in messages if persian[code] == english[code]] == []
    assert len(set(persian.values())) == len(set(english.values())) == len(messages)
