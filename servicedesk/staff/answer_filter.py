"""Narrowing the inbox to the letters of one service, and by the answers to its questions."""

from collections import defaultdict
from dataclasses import dataclass, replace

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, DecimalField, Exists, F, Func, OuterRef, TextField, When
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from servicedesk.models import Answer, FormVersion, ServicePage
from servicedesk.models.words import folded_words
from servicedesk.persian import sort_key
from servicedesk.questions.register import TYPES, type_of

# What the names of its fields begin with, so that an address with one that does not exist is noticed.
PREFIX = "a-"


@dataclass(frozen=True)
class ServiceChoice:
    """A service with its pages in all languages, called as in the language in use."""

    title: str
    pages: tuple[int, ...]

    @property
    def value(self):
        return str(self.pages[0])


def services_of(letters):
    """The services that any of ``letters`` were sent to, by name."""
    used = ServicePage.objects.filter(Exists(letters.filter(service=OuterRef("pk"))))
    rows = used.values_list("translation_key", "locale__language_code", "pk", "title").order_by("pk")
    by_key = defaultdict(list)
    for key, language, pk, title in rows:
        by_key[key].append((language != get_language(), language != "fa", pk, title))
    services = []
    for pages in by_key.values():
        pages.sort()
        services.append(ServiceChoice(pages[0][-1], tuple(pk for *_, pk, _ in pages)))
    return sorted(services, key=lambda service: sort_key(service.title))


def versions_of(service):
    """The versions of a service's form: those in the language in use before others, then the newest first."""
    versions = FormVersion.objects.filter(service__in=service.pages).order_by("-shown_at", "-pk")
    return sorted(versions, key=lambda version: version.language != get_language())


def questions_of(versions):
    """All questions that are answered in any of ``versions``, each once and as the first of them has it, in the order
    of the first; what only later ones had comes after. Of choices all that there ever were are kept."""
    merged = {}
    for version in versions:
        for question in _answered(version.outline):
            newer = merged.get(question.id)
            merged[question.id] = _merged(newer, question) if newer else question
    return list(merged.values())


def _answered(outline):
    """Its questions but the notes; also those whose type is in no register any more."""
    return [one for one in outline.questions if one.type not in TYPES or TYPES[one.type].is_asked]


def _merged(newer, older):
    newer = replace(newer, searchable=newer.searchable or older.searchable)
    if newer.type != older.type or "choices" not in newer.options:
        return newer
    known = dict(newer.options["choices"])
    gone = [[key, _("%(choice)s (no longer offered)") % {"choice": words}] for key, words in _lost(older, known)]
    return replace(newer, options={**newer.options, "choices": [*newer.options["choices"], *gone]})


def _lost(older, known):
    return [(key, words) for key, words in older.options["choices"] if key not in known]


def filters_of(questions):
    """A filter for each of ``questions`` that staff may look for and whose type can be looked for."""
    kinds = {"words": WordsFilter, "choices": ChoiceFilter, "range": RangeFilter, "tick": TickFilter}
    wanted = (question for question in questions if question.searchable and question.type in TYPES)
    return [kinds[kind](question) for question in wanted if (kind := type_of(question).filtered_by)]


class _Filter:
    """One question in the form of filters: ``fields()`` are its form fields by name, ``narrowed`` those of the letters
    that they let through."""

    def __init__(self, question):
        self.question, self.name = question, f"{PREFIX}{question.id}"

    @property
    def label(self):
        return self.question.label

    @property
    def given(self):
        """The answers to it, of whatever letter is looked at."""
        return Answer.objects.filter(letter=OuterRef("pk"), question=self.question.id)

    def is_used(self, data):
        return any(data[name] not in (None, "") for name in self.fields())

    def problem(self, data):
        """A sentence about fields that do not go together, or ""."""
        return ""


class WordsFilter(_Filter):
    def fields(self):
        return {self.name: forms.CharField(label=self.label, required=False, max_length=100)}

    def narrowed(self, letters, data):
        if not data[self.name]:
            return letters
        return letters.filter(Exists(self.given.with_words(folded_words(data[self.name]))))


class ChoiceFilter(_Filter):
    def fields(self):
        field = forms.ChoiceField(
            label=self.label,
            required=False,
            choices=[("", _("All")), *type_of(self.question).filter_choices(self.question)],
            error_messages={"invalid_choice": _("There is no such choice.")},
        )
        return {self.name: field}

    def narrowed(self, letters, data):
        choice = data[self.name]
        # In JSON of PostgreSQL a list holds its members, and a text itself: so one or several makes no difference.
        return letters.filter(Exists(self.given.filter(value__contains=choice))) if choice else letters


class TickFilter(_Filter):
    """Whether something was confirmed by those who were asked for it."""

    def fields(self):
        choices = [("", _("All")), ("yes", _("Confirmed")), ("no", _("Not confirmed"))]
        words = {"invalid_choice": _("There is no such choice.")}
        return {
            self.name: forms.ChoiceField(label=self.label, required=False, choices=choices, error_messages=words),
        }

    def narrowed(self, letters, data):
        if not data[self.name]:
            return letters
        return letters.filter(Exists(self.given.filter(value__isnull=data[self.name] == "no")))


class RangeFilter(_Filter):
    @property
    def first(self):
        return f"{self.name}-from"

    @property
    def last(self):
        return f"{self.name}-to"

    def fields(self):
        return {self.first: self._bound(_("From")), self.last: self._bound(pgettext("end of a span", "To"))}

    def _bound(self, label):
        field = type_of(self.question).bound_field(self.question)
        # In one box: lists beside it would fill the page.
        attrs = {name: value for name, value in field.widget.attrs.items() if name in ("dir", "inputmode")}
        field.widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
        field.label, field.required = label, False
        return field

    def problem(self, data):
        first, last = data.get(self.first), data.get(self.last)
        both = first is not None and last is not None
        return _("The end of the range lies before its beginning.") if both and last < first else ""

    def narrowed(self, letters, data):
        kind, limits = type_of(self.question), {}
        for name, lookup in ((self.first, "compared__gte"), (self.last, "compared__lte")):
            if data[name] is not None:
                limits[lookup] = data[name] if kind.is_number else kind.stored(data[name])
        if not limits:
            return letters
        given = self.given.alias(compared=_number(kind) if kind.is_number else _TEXT)
        return letters.filter(Exists(given.filter(type=kind.name, **limits)))


_TEXT = Func(F("value"), template="(%(expressions)s #>> '{}') COLLATE \"C\"", output_field=TextField())


def _number(kind):
    """The answer's number. Inside CASE: PostgreSQL takes conditions in any order, and other answers are no numbers."""
    number = Func(F("value"), template="(%(expressions)s #>> '{}')::numeric", output_field=DecimalField())
    return Case(When(type=kind.name, then=number), output_field=DecimalField())


class ServiceFilter(forms.Form):
    """The part of the inbox's filter that knows services and questions. ``take_services`` comes after ``__init__``."""

    service = forms.ChoiceField(required=False)
    # Which service the questions in the address belong to: whoever chooses another one leaves them behind.
    of = forms.CharField(required=False, widget=forms.HiddenInput)

    def take_services(self, letters):
        """Asks which services ``letters`` have, and makes the fields of the one that the address names."""
        self.services = services_of(letters)
        self.fields["service"].label = _("Service")
        self.fields["service"].choices = [("", _("All services")), *((one.value, one.title) for one in self.services)]
        self.fields["service"].error_messages["invalid_choice"] = _("There is no such service among your letters.")
        asked = self.data.get("service", "")
        self.chosen = next((one for one in self.services if asked in map(str, one.pages)), None)
        self.data = self.data.copy()
        if self.chosen:
            # The page in another language names the same service.
            self.data["service"] = self.chosen.value
        self.versions = versions_of(self.chosen) if self.chosen else []
        self.questions = questions_of(self.versions)
        self.filters = filters_of(self.questions)
        for one in self.filters:
            self.fields.update(one.fields())
        self.is_left_behind = bool(self.data.get("of")) and self.data["of"] != self.data.get("service", "")
        if self.is_left_behind:
            for name in self.asked_names():
                del self.data[name]
        self.data["of"] = self.chosen.value if self.chosen else ""

    def asked_names(self):
        """The names in the address that mean questions and are filled in."""
        return [name for name in self.data if name.startswith(PREFIX) and self.data[name].strip()]

    def clean(self):
        data = super().clean()
        if any(name not in self.fields for name in self.asked_names()):
            raise ValidationError(_("This service has no such question."))
        for one in self.filters:
            if sentence := one.problem(data):
                self.add_error(next(iter(one.fields())), sentence)
        return data

    def narrowed(self, letters):
        """Those of ``letters`` that service and questions let through."""
        if self.chosen:
            letters = letters.filter(service__in=self.chosen.pages)
        for one in self.filters:
            letters = one.narrowed(letters, self.cleaned_data)
        return letters

    def rows_of_questions(self):
        """What the page shows of the filters: [{"label", "fields", "is_range"}]."""
        return [
            {
                "label": one.label,
                "fields": [self[name] for name in one.fields()],
                "is_range": isinstance(one, RangeFilter),
            }
            for one in self.filters
        ]

    def sentences(self):
        """What is wrong with the address, with the question's name before it."""
        labels = {name: one.label for one in self.filters for name in one.fields()}
        for name, errors in self.errors.items():
            for error in errors:
                yield f"{labels[name]}: {error}" if name in labels else error
