"""The nouns of the desk, one a file, leaves first."""

from servicedesk.models.absence import LongAbsence
from servicedesk.models.alarm import Alarm
from servicedesk.models.answer import Answer
from servicedesk.models.answer_draft import AnswerDraft
from servicedesk.models.attachment import Attachment
from servicedesk.models.bulk import BulkItem, BulkJob
from servicedesk.models.closure import Closure
from servicedesk.models.completion import CompletionRequest
from servicedesk.models.desk_settings import DeskSettings
from servicedesk.models.draft import Draft
from servicedesk.models.event import Event
from servicedesk.models.form_version import FormVersion
from servicedesk.models.gateway_state import GatewayState
from servicedesk.models.holiday import Holiday
from servicedesk.models.leading import Leading
from servicedesk.models.letter import Letter
from servicedesk.models.letter_figure import LetterFigure
from servicedesk.models.letter_words import LetterWords
from servicedesk.models.limit import LimitHit, LimitReached
from servicedesk.models.membership import StandIn, UnitMembership
from servicedesk.models.number_change import NumberChange
from servicedesk.models.numbering import NumberingRule, NumberSeries
from servicedesk.models.opinion import LetterCopy, Opinion
from servicedesk.models.outbox import OutgoingMessage
from servicedesk.models.presence import Presence
from servicedesk.models.question_set import QuestionSet
from servicedesk.models.removal import RemovalRecord
from servicedesk.models.removal_request import RemovalRequest
from servicedesk.models.reply import Reply
from servicedesk.models.rights import Rights
from servicedesk.models.saved_filter import SavedFilter
from servicedesk.models.saved_text import SavedText
from servicedesk.models.second_factor import SecondFactorReset
from servicedesk.models.service import ServicePage
from servicedesk.models.sms_device import SmsCode, SmsDevice
from servicedesk.models.staff_export import StaffExport
from servicedesk.models.staff_view import StaffView
from servicedesk.models.unit import Unit
from servicedesk.models.unit_event import UnitEvent
from servicedesk.models.user import User
from servicedesk.models.user_session import UserSession
from servicedesk.models.weekly_hours import WeeklyHours

__all__ = [
    "Alarm",
    "Answer",
    "AnswerDraft",
    "Attachment",
    "BulkItem",
    "BulkJob",
    "Closure",
    "CompletionRequest",
    "DeskSettings",
    "Draft",
    "Event",
    "FormVersion",
    "GatewayState",
    "Holiday",
    "Leading",
    "Letter",
    "LetterCopy",
    "LetterFigure",
    "LetterWords",
    "LimitHit",
    "LimitReached",
    "LongAbsence",
    "NumberChange",
    "NumberSeries",
    "NumberingRule",
    "Opinion",
    "OutgoingMessage",
    "Presence",
    "QuestionSet",
    "RemovalRecord",
    "RemovalRequest",
    "Reply",
    "Rights",
    "SavedFilter",
    "SavedText",
    "SecondFactorReset",
    "ServicePage",
    "SmsCode",
    "SmsDevice",
    "StaffExport",
    "StaffView",
    "StandIn",
    "Unit",
    "UnitEvent",
    "UnitMembership",
    "User",
    "UserSession",
    "WeeklyHours",
]
