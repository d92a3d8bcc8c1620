"""The models of the grants app."""

from .attachment import Attachment
from .award import Award, AwardAllocation, AwardYear, SiteCommitment
from .baseline import BaselineResult, BaselineTable
from .budget import BudgetLine, BudgetNote, BudgetYear, MatchLine
from .call_file import CallFile
from .change_request import ChangeItem, ChangeRequest
from .criterion import Criterion
from .docket import Docket, DocketAmount, DocketLine
from .extension import Extension, ExtensionRequest
from .message import TeamMessage
from .payment import Payment, PaymentCondition
from .proposal import Proposal
from .question import Question, QuestionVersion
from .record_copy import RecordCopy
from .reminder import Reminder
from .review import Review, Score
from .round import FundingRound
from .section import Answer, Milestone, ProposalSection, SectionRevision
from .signoff import SignOff
from .slot import AttachmentSlot
from .submission import Submission

__all__ = [
    "Answer",
    "Attachment",
    "AttachmentSlot",
    "Award",
    "AwardAllocation",
    "AwardYear",
    "BaselineResult",
    "BaselineTable",
    "BudgetLine",
    "BudgetNote",
    "BudgetYear",
    "CallFile",
    "ChangeItem",
    "ChangeRequest",
    "Criterion",
    "Docket",
    "DocketAmount",
    "DocketLine",
    "Extension",
    "ExtensionRequest",
    "FundingRound",
    "MatchLine",
    "Milestone",
    "Payment",
    "PaymentCondition",
    "Proposal",
    "ProposalSection",
    "Question",
    "QuestionVersion",
    "RecordCopy",
    "Reminder",
    "Review",
    "Score",
    "SectionRevision",
    "SignOff",
    "SiteCommitment",
    "Submission",
    "TeamMessage",
]
