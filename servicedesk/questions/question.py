"""What every type of question is made of.

A question lives in three shapes, always in this order: the editor's panel (a Wagtail block), the **Question** as plain
data that a form version keeps, and the form field that a citizen fills in. Whatever is shown later (letter, receipt,
PDF, staff, export) reads the Question and the answer beside it, never the editor's page again.
"""

from dataclasses import dataclass, field
from functools import cached_property

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from servicedesk import persian
from servicedesk.questions.conditions import Condition, ConditionBlock

LONGEST_LABEL, LONGEST_HELP = 300, 1000


@dataclass(frozen=True)
class Question:
    """A question as it was shown. ``options`` (plain JSON) belong to its type alone."""

    id: str
    type: str
    label: str
    help: str = ""
    example: str = ""
    required: bool = False
    searchable: bool = False
    condition: Condition = field(default_factory=Condition)
    options: dict = field(default_factory=dict)

    @classmethod
    def from_json(cls, data):
        return cls(**{**data, "condition": Condition.from_json(data.get("condition"))})

    def as_json(self):
        """Only what says something, so that a long form stays small."""
        plain = {**self.__dict__, "condition": self.condition.as_json()}
        plain.pop("field_name", None)
        return {name: value for name, value in plain.items() if value or name in ("id", "type", "label")}

    @cached_property
    def field_name(self):
        """The name of its field, of which others (the parts of an address or date) make theirs."""
        return f"q-{self.id}"

    @property
    def hint(self):
        """Help and example in one, as HTML that is safe to show."""
        lines = [conditional_escape(line) for line in self.help.splitlines()]
        if self.example:
            words = persian.in_language(self.example)
            lines.append(format_html(_("Example: {}"), format_html("<bdi>{}</bdi>", words)))
        return mark_safe("<br>".join(lines))  # Each line was escaped above.


class QuestionType:
    """One kind of question. A new one is a subclass in a file of its own, named in ``register.py``.

    ``name`` is kept in forms and answers for ever; ``operators`` are what conditions may ask about its answers.
    """

    name = label = icon = ""
    # For the menu from which the editor chooses.
    description = ""
    # What the editor finds it under.
    group = gettext_lazy("Questions")
    template = "servicedesk/questions/field.html"
    operators = ("filled", "empty")
    # Without: a note, which is read and not answered.
    is_asked = True
    # Files come another way than text: see views/uploading.py.
    takes_files = False

    # Whether what was typed and will not do still stands in its field, so that it counts as something.
    keeps_typed = True

    # --- For the editor ---------------------------------------------------------------------------

    def own_blocks(self):
        """{name: Wagtail block}: what the editor sets for this type beside the usual things."""
        return {}

    def options(self, value):
        """What ``own_blocks`` were given, as plain JSON. ``value`` is the StructValue."""
        return {name: value.get(name) for name in self.own_blocks() if value.get(name) not in (None, "")}

    def problems(self, question):
        """Sentences for the editor about settings that no citizen could satisfy."""
        return []

    def block(self):
        """The editor's panel."""
        own = self.own_blocks()
        shared = {
            "label": blocks.CharBlock(label=gettext_lazy("Question"), max_length=LONGEST_LABEL),
            "required": blocks.BooleanBlock(
                label=gettext_lazy("Must be answered"), required=False, default=self.is_asked
            ),
            "help": blocks.TextBlock(label=gettext_lazy("Help"), required=False, max_length=LONGEST_HELP, rows=2),
            "example": blocks.CharBlock(label=gettext_lazy("Example"), required=False, max_length=LONGEST_LABEL),
            "searchable": blocks.BooleanBlock(label=gettext_lazy("Staff can search and filter by it"), required=False),
            "condition": ConditionBlock(label=gettext_lazy("When to ask it"), required=False),
        }
        for name in self.left_out:
            del shared[name]
        usual = [name for name in own if name not in self.rarely_set]
        blocks_of_it = {**shared, **own}
        first = [name for name in ("label", "help", *usual, "required", "condition") if name in blocks_of_it]
        behind_the_cog = [name for name in ("example", *self.rarely_set, "searchable") if name in blocks_of_it]
        return blocks.StructBlock(
            list(blocks_of_it.items()),
            label=self.label,
            icon=self.icon,
            description=self.description,
            group=self.group,
            form_layout=blocks.BlockGroup(children=first, settings=behind_the_cog),
            label_format="{label}",
        )

    # The usual settings that mean nothing for this type, and those of its own that seldom change: they stand behind
    # the cog.
    left_out = rarely_set = ()

    def rule_value(self, question, text):
        """What an editor typed as the value of a condition on this question, in the form of a stored answer.
        Raises ValidationError where no answer could ever be that."""
        return text

    def rule_choices(self):
        """[(value, words)] of a condition on it, where they are the same for all questions of this type."""
        return []

    def rule_example(self):
        """What an editor may type as the value of a condition on it; "" where that goes without saying."""
        return ""

    def value_for_browser(self, value):
        """The value of a condition on it as js/conditions.js compares it with what stands in the field."""
        return value

    def value_in_words(self, question, value):
        """A condition's value as people read it."""
        return self.shown(question, value)

    # --- For the citizen --------------------------------------------------------------------------

    def field(self, question):
        """The form field. Its label, hint and ``required`` are set by ``form_field``."""
        raise NotImplementedError

    def form_field(self, question):
        """The form field as the form wants it."""
        made = self.field(question)
        made.label, made.required = question.label, question.required
        made.help_text = question.hint or made.help_text
        made.widget.is_required = question.required
        return made

    def stored(self, cleaned):
        """What the field gave, as JSON; None where nothing was answered."""
        return None if cleaned in (None, "", []) else cleaned

    # --- For staff who look for answers -------------------------------------------------------------

    # What narrows the inbox by it: "words", "choices" (see ``filter_choices``), "range" (``bound_field``),
    # "tick" for what is confirmed or left alone, or "".
    filtered_by = "words"
    # Answers whose text is a number; a range of others goes by the alphabet, as that of dates does.
    is_number = False

    def searched(self, question, value):
        """What a search shall find the answer by, beside what is shown."""
        return ""

    def filter_choices(self, question):
        """[(what is kept, its words)]."""
        return []

    def bound_field(self, question):
        """The form field of the first or last of a range; ``stored`` makes of it what is compared with answers."""
        raise NotImplementedError

    # --- For whoever reads the answer -------------------------------------------------------------

    def shown(self, question, value):
        """The stored answer in words of the language in use; "" where there is none."""
        return "" if value is None else str(value)

    def exported(self, question, value):
        """The stored answer for a table: text, a number or a date; None where there is none."""
        return self.shown(question, value) or None
