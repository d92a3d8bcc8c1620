"""The states and fixed lists of the grants app."""

from django.db.models import TextChoices


class RoundState(TextChoices):
    """What staff decided about a round; open and closed follow from the clock (see `RoundPhase`)."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    DECIDED = "decided", "Decided"


class RoundPhase(TextChoices):
    """Where a round stands at a moment."""

    DRAFT = "draft", "Draft"
    SCHEDULED = "scheduled", "Opens soon"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
    DECIDED = "decided", "Decided"


class Section(TextChoices):
    """The sections of a proposal, in order. Plans are one section a component: `plan-<code>`."""

    ELIGIBILITY = "eligibility", "Eligibility"
    COALITION = "coalition", "The coalition and its schools"
    NEED = "need", "Need"
    BASELINE = "baseline", "Baseline results"
    PLAN = "plan", "Plan"
    BUDGET = "budget", "Five-year budget"
    SUSTAINABILITY = "sustainability", "After the grant"
    ROUND = "round", "Questions of this round"
    ATTACHMENTS = "attachments", "Attachments"
    SIGNOFFS = "signoffs", "Partner sign-offs"


class QuestionKind(TextChoices):
    """How a question is answered."""

    TEXT = "text", "Text with a word limit"
    CHOICE = "choice", "One of several choices"
    NUMBER = "number", "A number"
    YES_NO = "yes_no", "Yes or no"


class CallFileKind(TextChoices):
    """The files a call can be downloaded as."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word template"


class ProposalState(TextChoices):
    """Where a proposal stands."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    RETURNED = "returned", "Returned for changes"
    INELIGIBLE = "ineligible", "Not eligible"
    IN_REVIEW = "in_review", "In review"
    RECOMMENDED = "recommended", "Recommended"
    NOT_RECOMMENDED = "not_recommended", "Not recommended"
    AWARDED = "awarded", "Awarded"
    WAITLISTED = "waitlisted", "Waitlisted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


# What the foundation knows before it says so: a team is told "In review" until the decisions are announced.
UNANNOUNCED = frozenset({ProposalState.RECOMMENDED, ProposalState.NOT_RECOMMENDED})


class BudgetCategory(TextChoices):
    """What money is spent on."""

    PERSONNEL = "personnel", "Salaries and benefits"
    LEARNING = "learning", "Professional learning"
    CONTRACTS = "contracts", "Consultants and contracts"
    MATERIALS = "materials", "Materials and technology"
    TRAVEL = "travel", "Travel and meetings"
    ENGAGEMENT = "engagement", "Family and community events"
    EVALUATION = "evaluation", "Evaluation and data"
    INDIRECT = "indirect", "Indirect costs"


class MatchKind(TextChoices):
    """What a partner gives besides the grant."""

    CASH = "cash", "Money"
    IN_KIND = "in_kind", "In kind"


class ExtensionKind(TextChoices):
    """Why a deadline was moved."""

    GRANTED = "granted", "Extension"
    OUTAGE = "outage", "Outage of the portal"


class RequestState(TextChoices):
    """Where a team's request for more time stands."""

    OPEN = "open", "Waiting for an answer"
    GRANTED = "granted", "Granted"
    DECLINED = "declined", "Declined"


class ReminderMoment(TextChoices):
    """How long before a deadline a team is reminded."""

    DAYS_14 = "14d", "14 days"
    DAYS_7 = "7d", "7 days"
    DAYS_3 = "3d", "3 days"
    DAY_1 = "1d", "1 day"
    HOURS_3 = "3h", "3 hours"


class SignOffState(TextChoices):
    """Where a partner's signature stands."""

    REQUESTED = "requested", "Waiting"
    SIGNED = "signed", "Signed"
    DECLINED = "declined", "Declined"
    VOID = "void", "No longer valid"
    WITHDRAWN = "withdrawn", "Withdrawn by the team"


class ReviewState(TextChoices):
    """Where a review stands."""

    ASSIGNED = "assigned", "Conflict question open"
    IN_PROGRESS = "in_progress", "In progress"
    SUBMITTED = "submitted", "Submitted"
    RECUSED = "recused", "Recused"


class ReviewKind(TextChoices):
    """Whether a review counts towards a decision."""

    REAL = "real", "Review"
    CALIBRATION = "calibration", "Calibration"


class ReviewReminderMoment(TextChoices):
    """When a reviewer is reminded of a review that is due."""

    DAYS_7 = "7d", "7 days before"
    DAYS_2 = "2d", "2 days before"
    OVERDUE = "overdue", "The day after"


class DisclosureKind(TextChoices):
    """What a reviewer's standing conflict of interest is with."""

    ORGANIZATION = "organization", "An organization"
    PERSON = "person", "A person"


class PlanState(TextChoices):
    """Where a plan of who reviews what stands."""

    DRAFT = "draft", "Draft"
    SENT = "sent", "Sent to the reviewers"
    DROPPED = "dropped", "Dropped"


class PlanSource(TextChoices):
    """Who put a reviewer beside a proposal in a plan."""

    COMPUTED = "computed", "Proposed by the portal"
    CHOSEN = "chosen", "Chosen by staff"


class DocketState(TextChoices):
    """Where a docket stands."""

    DRAFT = "draft", "Draft"
    SENT = "sent", "With the director"
    APPROVED = "approved", "Approved"
    ANNOUNCED = "announced", "Announced"
    SET_ASIDE = "set_aside", "Not chosen"


class LineVerdict(TextChoices):
    """What the director said to one line of a docket."""

    OPEN = "open", "Not looked at yet"
    AGREED = "agreed", "Agreed"
    RETURNED = "returned", "Returned"
    DECLINED = "declined", "Declined"


class PointKind(TextChoices):
    """What staff tell an applicant about the proposal."""

    STRENGTH = "strength", "Strength"
    WEAKNESS = "weakness", "Weakness"


class Decision(TextChoices):
    """What a docket recommends for one proposal."""

    AWARD = "award", "Award"
    WAITLIST = "waitlist", "Waitlist"
    DECLINE = "decline", "Decline"


class AwardState(TextChoices):
    """Where an award stands."""

    APPROVED = "approved", "Approved"
    OFFERED = "offered", "Offered"
    ACTIVE = "active", "Active"
    CLOSED = "closed", "Closed"
    TERMINATED = "terminated", "Terminated"
    WITHDRAWN = "withdrawn", "Withdrawn by the site"


class AgreementState(TextChoices):
    """Where a grant agreement stands."""

    DRAFT = "draft", "Draft"
    OUT = "out", "With the partners"
    SIGNED = "signed", "Signed by every partner"
    IN_FORCE = "in_force", "In force"
    REPLACED = "replaced", "Replaced"


class AmendmentKind(TextChoices):
    """What a site asks to change about its award."""

    MOVE_MONEY = "move_money", "Move money between components or years"
    EXTEND = "extend", "Extend without cost"
    PAYEE = "payee", "Change the fiscal agent"
    PEOPLE = "people", "Change key people"


class AmendmentState(TextChoices):
    """Where an amendment stands."""

    DRAFT = "draft", "Draft"
    REQUESTED = "requested", "With the program officer"
    RECOMMENDED = "recommended", "With the director"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


# A live award holds its whole amount under the site's ceilings; an ended one only what was paid or is on its way.
LIVE_AWARDS = frozenset({AwardState.APPROVED, AwardState.OFFERED, AwardState.ACTIVE})
# Ending an award early cancels every payment nobody had released, and an ended award gets no new ones. So whatever is
# left of it was released before the end: that money stays committed until it is paid, or cancelled by finance.
PAYING_AWARDS = frozenset({AwardState.ACTIVE, AwardState.TERMINATED, AwardState.WITHDRAWN})
ENDED_AWARDS = frozenset({AwardState.CLOSED, AwardState.TERMINATED, AwardState.WITHDRAWN})
OPEN_AGREEMENTS = frozenset({AgreementState.DRAFT, AgreementState.OUT, AgreementState.SIGNED})
OPEN_AMENDMENTS = frozenset({AmendmentState.DRAFT, AmendmentState.REQUESTED, AmendmentState.RECOMMENDED})


class PaymentState(TextChoices):
    """Where a payment stands."""

    SCHEDULED = "scheduled", "Scheduled"
    PREPARED = "prepared", "Waiting for release"
    CLEARED = "cleared", "Cleared to pay"
    PAID = "paid", "Paid"
    HELD = "held", "On hold"
    CANCELLED = "cancelled", "Cancelled"
    VOIDED = "voided", "Voided"


# The money of a payment that is not yet out of the house, and may still be held or cancelled.
UNRELEASED = frozenset({PaymentState.SCHEDULED, PaymentState.PREPARED, PaymentState.HELD})
STILL_TO_PAY = UNRELEASED | {PaymentState.CLEARED}


class ConditionKind(TextChoices):
    """What must have happened before a payment can be prepared."""

    AGREEMENT_SIGNED = "agreement_signed", "The grant agreement is signed"
    REPORT_ACCEPTED = "report_accepted", "Last year's report is accepted"
    OTHER = "other", "A condition of this award"
