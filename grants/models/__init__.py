"""The models of the grants app."""

from .agreement import Agreement, AgreementSignature
from .amendment import Amendment, AmendmentAmount, AwardVersion
from .assignment import AssignmentPlan, PlannedReview
from .attachment import Attachment
from .award import Award, AwardAllocation, AwardYear, SiteCommitment
from .baseline import BaselineResult, BaselineTable
from .budget import BudgetLine, BudgetNote, BudgetYear, MatchLine
from .calibration import Calibration
from .call_file import CallFile
from .change_request import ChangeItem, ChangeRequest
from .close_out import CloseOut, LegalHold
from .criterion import Criterion
from .discussion import Discussion, DiscussionPost
from .docket import Docket, DocketAmount, DocketBook, DocketLine, FeedbackPoint
from .extension import Extension, ExtensionRequest
from .letter import Letter, LetterTemplate
from .message import TeamMessage
from .payment import Payment, PaymentBatch, PaymentCondition, Refund
from .proposal import Proposal
from .question import Question, QuestionVersion
from .record_copy import RecordCopy
from .reminder import Reminder
from .review import ReadingCopy, Review, ReviewReminder, Score, SubmittedReview
from .reviewer import Disclosure, ReviewerInvitation, ReviewerProfile
from .round import FundingRound
from .section import Answer, Milestone, ProposalSection, SectionRevision
from .signoff import SignOff
from .slot import AttachmentSlot
from .submission import Submission

__all__ = [
    "Agreement",
    "AgreementSignature",
    "Amendment",
    "AmendmentAmount",
    "Answer",
    "AssignmentPlan",
    "Attachment",
    "AttachmentSlot",
    "Award",
    "AwardAllocation",
    "AwardVersion",
    "AwardYear",
    "BaselineResult",
    "BaselineTable",
    "BudgetLine",
    "BudgetNote",
    "BudgetYear",
    "Calibration",
    "CallFile",
    "ChangeItem",
    "ChangeRequest",
    "CloseOut",
    "Criterion",
    "Disclosure",
    "Discussion",
    "DiscussionPost",
    "Docket",
    "DocketAmount",
    "DocketBook",
    "DocketLine",
    "Extension",
    "ExtensionRequest",
    "FeedbackPoint",
    "FundingRound",
    "LegalHold",
    "Letter",
    "LetterTemplate",
    "MatchLine",
    "Milestone",
    "Payment",
    "PaymentBatch",
    "PaymentCondition",
    "PlannedReview",
    "Proposal",
    "ProposalSection",
    "Question",
    "QuestionVersion",
    "ReadingCopy",
    "RecordCopy",
    "Refund",
    "Reminder",
    "Review",
    "ReviewReminder",
    "ReviewerInvitation",
    "ReviewerProfile",
    "Score",
    "SectionRevision",
    "SignOff",
    "SiteCommitment",
    "Submission",
    "SubmittedReview",
    "TeamMessage",
]
