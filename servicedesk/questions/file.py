"""A file, or several, of kinds and sizes of the question's own. They go the way of every upload."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from servicedesk import persian
from servicedesk.questions.question import QuestionType
from servicedesk.uploads.inspection import Rules
from servicedesk.uploads.kinds import kind_choices, known_kinds

KILOBYTE = 1024
USUAL_KINDS = ("pdf", "jpg", "png")
USUAL_KILOBYTES, MOST_KILOBYTES = 1024, 10 * KILOBYTE
# One POST may bring so many; see DATA_UPLOAD_MAX_NUMBER_FILES.
MOST_FILES = 5


class FilesField(forms.FileField):
    """Only shown: what comes with the form is taken by views/uploading.py, which needs the store."""

    def __init__(self, **kwargs):
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data, initial=None):
        return None


class File(QuestionType):
    name, label, icon, group = "file", _("File"), "doc-empty", _("Files and more")
    description = _("One or several files, with limits of their own.")
    template = "servicedesk/questions/file.html"
    # Whether a file came is known only after everything else was judged.
    operators = ()
    takes_files = True
    left_out = ("example", "searchable")
    filtered_by = ""

    def own_blocks(self):
        return {
            "kinds": blocks.MultipleChoiceBlock(
                label=_("Kinds of file"),
                choices=kind_choices,
                default=list(USUAL_KINDS),
                widget=forms.CheckboxSelectMultiple,
            ),
            "kilobytes": blocks.IntegerBlock(
                label=_("Largest size, in kilobytes"), default=USUAL_KILOBYTES, min_value=10, max_value=MOST_KILOBYTES
            ),
            "most": blocks.IntegerBlock(label=_("Most files"), default=1, min_value=1, max_value=MOST_FILES),
        }

    def options(self, value):
        # A draft may have left them empty.
        return {
            "kinds": sorted(value["kinds"] or ()),
            "kilobytes": value["kilobytes"] or USUAL_KILOBYTES,
            "most": value["most"] or 1,
        }

    def rules(self, question):
        """The rules of the upload pipeline for its files. A kind whose inspector has gone is taken no more."""
        return Rules(
            kinds=frozenset(question.options["kinds"]) & frozenset(known_kinds()),
            max_bytes=question.options["kilobytes"] * KILOBYTE,
        )

    def most(self, question):
        return question.options.get("most", 1)

    def field(self, question):
        return FilesField()

    def stored(self, cleaned):
        """``cleaned`` is the list of the files' names."""
        return list(cleaned) or None

    def shown(self, question, value):
        return "\n".join(persian.tidy(name) for name in value or ())
