"""The open register of question types. To add one: its class in a file beside this, and its name here."""

from servicedesk.questions.address import Address
from servicedesk.questions.choice import Choice, Choices, YesNo
from servicedesk.questions.declaration import Declaration
from servicedesk.questions.file import File
from servicedesk.questions.identity import LegalId, Mobile, NationalId, PostalCode
from servicedesk.questions.jalali_date import JalaliDate
from servicedesk.questions.note import Note
from servicedesk.questions.numbers import Money, Number
from servicedesk.questions.text import LongText, ShortText

TYPES = {
    kind.name: kind
    for kind in (
        ShortText(),
        LongText(),
        Address(),
        Choice(),
        Choices(),
        YesNo(),
        Number(),
        Money(),
        JalaliDate(),
        NationalId(),
        LegalId(),
        PostalCode(),
        Mobile(),
        File(),
        Declaration(),
        Note(),
    )
}


def type_of(question):
    """The QuestionType of a Question. Raises KeyError for one that is in no register any more; what was answered to it
    is kept in words, so that no letter needs this."""
    return TYPES[question.type]
