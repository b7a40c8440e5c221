"""All verbs of the letter page; whoever adds one adds its form here."""

from servicedesk.staff.verbs.answering import (
    AnswerForm,
    CorrectionForm,
    InterimAnswerForm,
    LetOutForm,
    ReplyFileForm,
    SendBackForm,
    TakeAnswerBackForm,
)
from servicedesk.staff.verbs.asking import AskForm, TakeQuestionBackForm
from servicedesk.staff.verbs.ending import CloseForm, PostponeForm, ReopenForm
from servicedesk.staff.verbs.handing import (
    AdviseForm,
    AssignForm,
    ConsultForm,
    CopyForm,
    ForwardForm,
    NoteForm,
    NumberForm,
    ServiceForm,
    TakeForm,
)

# In the order in which their panels stand on the page; a form with a ``panel`` of its own stands elsewhere.
VERBS = (
    AnswerForm,
    InterimAnswerForm,
    CorrectionForm,
    ReplyFileForm,
    LetOutForm,
    SendBackForm,
    TakeAnswerBackForm,
    AdviseForm,
    TakeForm,
    AskForm,
    TakeQuestionBackForm,
    ForwardForm,
    AssignForm,
    NoteForm,
    ConsultForm,
    CopyForm,
    PostponeForm,
    NumberForm,
    ServiceForm,
    CloseForm,
    ReopenForm,
)
