"""The transition tables of the grants app: every step a round, proposal, review, docket, award or payment can take."""

from grants import rules
from grants.enums import AgreementState as G
from grants.enums import AmendmentState as M
from grants.enums import AwardState as A
from grants.enums import DocketState as D
from grants.enums import PaymentState as Y
from grants.enums import ProposalState as P
from grants.enums import ReviewState as V
from grants.enums import RoundState as R
from portal.workflow import Workflow, step

ROUND = Workflow(
    "grants.fundinground",
    (
        step(
            "publish", R.DRAFT, R.PUBLISHED, "Publish the call", rules.may_run_rounds,
            blockers="grants.domain.queries.round.missing_to_publish",
            effect="grants.domain.round.stamp_published",
            consequence="Anybody can read the call and all its questions. Its ceilings, rubric and documents are "
            "fixed; questions change only as a new version, of which teams are told.",
        ),
        step(
            "unpublish", R.PUBLISHED, R.DRAFT, "Back to draft", rules.may_run_rounds,
            blockers="grants.domain.queries.round.obstacles_to_unpublishing",
            effect="grants.domain.round.stamp_unpublished", style="outline",
            consequence="The call disappears from the public pages until you publish it again.",
        ),
        step(
            "decide", R.PUBLISHED, R.DECIDED, "Close the round", rules.may_run_rounds,
            blockers="grants.domain.queries.round.obstacles_to_closing",
            effect="grants.domain.round.stamp_decided", style="outline",
            consequence="The round is marked as decided. Awards go on.",
        ),
    ),
)  # fmt: skip

PROPOSAL = Workflow(
    "grants.proposal",
    (
        step(
            "submit", {P.DRAFT, P.SUBMITTED, P.RETURNED}, P.SUBMITTED, "Submit proposal", rules.may_submit,
            blockers="grants.domain.queries.proposal.missing_to_submit",
            effect="grants.domain.submission.freeze", listed=False,
        ),
        step(
            "withdraw", {P.DRAFT, P.SUBMITTED, P.RETURNED, P.IN_REVIEW}, P.WITHDRAWN, "Withdraw", rules.may_submit,
            effect="grants.domain.proposal.stamp_withdrawn", comment_required=True, style="danger",
            consequence="The proposal leaves the round. Your text stays here for you to read.",
        ),
        step(
            "screen_in", P.SUBMITTED, P.IN_REVIEW, "Eligible: send to review", rules.may_screen,
            blockers="grants.domain.queries.proposal.obstacles_to_screening",
            effect="grants.domain.proposal.stamp_screened",
            consequence="The proposal can be assigned to reviewers.",
        ),
        step(
            "screen_out", P.SUBMITTED, P.INELIGIBLE, "Not eligible", rules.may_screen,
            blockers="grants.domain.queries.proposal.obstacles_to_screening",
            effect="grants.domain.proposal.stamp_screened", comment_required=True, style="danger",
            consequence="The proposal leaves the round. The team is told, with the reason you write.",
        ),
        step(
            "return", P.SUBMITTED, P.RETURNED, "Ask for changes", rules.may_screen,
            blockers="grants.domain.queries.proposal.obstacles_to_screening",
            effect="grants.domain.change_request.open_for_changes", comment_required=True, style="outline",
            listed=False,
        ),
        step(
            "close_changes", P.RETURNED, P.SUBMITTED, "Go on without the changes", rules.may_screen,
            effect="grants.domain.change_request.go_on_without", comment_required=True, style="outline",
            consequence=(
                "The proposal counts as it was submitted last, and you can screen it. What the team wrote since is set "
                "aside, and they can read it. They are told, with the reason you write."
            ),
        ),
        step(
            "recommend", P.IN_REVIEW, P.RECOMMENDED, "Recommend", rules.may_build_dockets, listed=False,
        ),
        step(
            "pass_over", P.IN_REVIEW, P.NOT_RECOMMENDED, "Do not recommend", rules.may_build_dockets, listed=False,
        ),
        step(
            "reconsider", {P.RECOMMENDED, P.NOT_RECOMMENDED}, P.IN_REVIEW, "Back to review",
            rules.may_read_as_staff, listed=False,
        ),
        step(
            "overrule", P.RECOMMENDED, P.NOT_RECOMMENDED, "Declined by the director", rules.may_read_as_staff,
            listed=False,
        ),
        step(
            "award", P.RECOMMENDED, P.AWARDED, "Announce the award", rules.may_announce,
            effect="grants.domain.proposal.stamp_decided", listed=False,
        ),
        step(
            "waitlist", {P.RECOMMENDED, P.NOT_RECOMMENDED}, P.WAITLISTED, "Announce the waitlist",
            rules.may_announce, effect="grants.domain.proposal.stamp_decided", listed=False,
        ),
        step(
            "decline", {P.RECOMMENDED, P.NOT_RECOMMENDED}, P.DECLINED, "Announce the decline", rules.may_announce,
            effect="grants.domain.proposal.stamp_decided", listed=False,
        ),
    ),
)  # fmt: skip

REVIEW = Workflow(
    "grants.review",
    (
        step(
            "declare_no_conflict", V.ASSIGNED, V.IN_PROGRESS, "I have no conflict of interest",
            rules.may_answer_review, blockers="grants.domain.queries.calibration.obstacles_to_beginning",
            effect="grants.domain.review.stamp_no_conflict", listed=False,
        ),
        step(
            "recuse", {V.ASSIGNED, V.IN_PROGRESS, V.SUBMITTED}, V.RECUSED, "Step back from this review",
            rules.may_answer_review, effect="grants.domain.review.stamp_recused", comment_required=True,
            style="danger", consequence=(
                "The proposal leaves your list and staff are told. What you submitted does not count any more."
            ),
        ),
        step(
            "submit", V.IN_PROGRESS, V.SUBMITTED, "Submit review", rules.may_answer_review,
            first="grants.domain.review.lock_sample", blockers="grants.domain.queries.review.missing_to_submit",
            effect="grants.domain.review.freeze_mean",
            consequence="Your scores and reasons become part of the decision.",
        ),
        step(
            "reopen", V.SUBMITTED, V.IN_PROGRESS, "Open it again", rules.may_assign,
            blockers="grants.domain.queries.review.obstacles_to_reopening",
            effect="grants.domain.review.clear_mean", comment_required=True, style="outline",
            consequence="The reviewer can change scores and has to submit again.",
        ),
        step(
            "rescore", V.SUBMITTED, V.IN_PROGRESS, "Score again", rules.may_answer_review,
            blockers="grants.domain.queries.discussion.obstacles_to_scoring_again",
            effect="grants.domain.discussion.clear_mark", style="outline",
            consequence=(
                "You can change scores and reasons, and submit the review once more. It does not count until then. "
                "What you submitted before is kept beside it."
            ),
        ),
    ),
)  # fmt: skip

DOCKET = Workflow(
    "grants.docket",
    (
        step(
            "send", D.DRAFT, D.SENT, "Send to the director", rules.may_build_dockets,
            first="grants.domain.docket.lock_round",
            blockers="grants.domain.queries.docket.missing_to_send", effect="grants.domain.docket.stamp_sent",
            consequence=(
                "The director can approve or return it, and you cannot change it meanwhile. It becomes the one that "
                "counts: the round's other drafts are set aside."
            ),
        ),
        step(
            "set_aside", D.DRAFT, D.SET_ASIDE, "Set aside", rules.may_build_dockets, style="outline",
            consequence="It is kept to read and compare, and you can take it up again.",
        ),
        step(
            "take_up_again", D.SET_ASIDE, D.DRAFT, "Take up again", rules.may_build_dockets,
            consequence="It is a draft again, which you can change and send.",
        ),
        step(
            "return", D.SENT, D.DRAFT, "Return to the officer", rules.may_approve_docket,
            effect="grants.domain.docket.stamp_returned", comment_required=True, style="outline",
            consequence=(
                "The officer can change the docket and send it again. What you said line by line goes with your reason, "
                "and you look at every line again then."
            ),
        ),
        step(
            "approve", D.SENT, D.APPROVED, "Approve the docket", rules.may_approve_docket,
            first="grants.domain.docket.lock_round",
            blockers="grants.domain.queries.verdict.obstacles_to_approving",
            effect="grants.domain.docket.make_awards", step_up=True,
            consequence=(
                "Every award you agreed to is made, with its five years. What you declined is declined, and what you "
                "returned goes back to review. Applicants learn nothing yet."
            ),
        ),
        step(
            "announce", D.APPROVED, D.ANNOUNCED, "Announce the decisions", rules.may_announce,
            blockers="grants.domain.queries.letter.obstacles_to_announcing",
            effect="grants.domain.letter.announce_decisions",
            consequence="Every letter that is not released yet goes out: its team learns the decision by mail and here.",
        ),
    ),
)  # fmt: skip

AWARD = Workflow(
    "grants.award",
    (
        step(
            "offer", A.APPROVED, A.OFFERED, "Offer the award", rules.may_announce,
            effect="grants.domain.award.stamp_offered", listed=False,
        ),
        step(
            "activate", A.OFFERED, A.ACTIVE, "Start the award", rules.may_activate_awards,
            effect="grants.domain.award.start_payments", listed=False,
        ),
        step(
            "close", A.ACTIVE, A.CLOSED, "Close the award", rules.may_manage_awards,
            blockers="grants.domain.queries.close_out.obstacles_to_closing", effect="grants.domain.award.stamp_closed",
            consequence="The award is finished. Nothing more can be paid from it.", listed=False,
        ),
        step(
            "terminate", {A.APPROVED, A.OFFERED, A.ACTIVE}, A.TERMINATED, "End the award early",
            rules.may_terminate_awards, effect="grants.domain.award.terminate", comment_required=True,
            style="danger",
            consequence=(
                "Payments nobody has released are cancelled and their money returns to the envelope. What was released "
                "stays committed: finance can still pay it, put it on hold or cancel it. Nothing new can be scheduled. "
                "An agreement that is not in force ends, and both sides are told the reason you write."
            ),
        ),
        step(
            "withdraw", {A.OFFERED, A.ACTIVE}, A.WITHDRAWN, "Give the award back",
            rules.may_withdraw_award, effect="grants.domain.award.withdraw", comment_required=True,
            style="danger",
            consequence=(
                "Your coalition gives up what was not paid yet. Payments nobody has released are cancelled, and nothing "
                "new can be scheduled. What was released already is still paid, unless finance cancels it. An agreement "
                "that is not in force ends. Nobody can undo this; both sides are told the reason you write."
            ),
        ),
    ),
)  # fmt: skip

# Every step locks the award before the agreement: whoever ends an award holds it first, too.
AGREEMENT = Workflow(
    "grants.agreement",
    (
        step(
            "send", G.DRAFT, G.OUT, "Send out for signatures", rules.may_manage_awards,
            first="grants.domain.agreement.lock_award", blockers="grants.domain.queries.agreement.missing_to_send",
            effect="grants.domain.agreement.freeze", listed=False,
        ),
        step(
            "complete", G.OUT, G.SIGNED, "Signed by every partner", rules.may_complete_agreement,
            first="grants.domain.agreement.lock_award", blockers="grants.domain.queries.agreement.unsigned",
            effect="grants.domain.agreement.tell_directors", listed=False,
        ),
        step(
            "countersign", G.SIGNED, G.IN_FORCE, "Sign for the foundation", rules.may_countersign,
            first="grants.domain.agreement.lock_award", effect="grants.domain.agreement.put_in_force",
            step_up=True, listed=False,
        ),
        step(
            "replace", {G.OUT, G.SIGNED, G.IN_FORCE}, G.REPLACED, "Replace the agreement", rules.may_manage_awards,
            first="grants.domain.agreement.lock_award",
            blockers="grants.domain.queries.agreement.obstacles_to_replacing",
            effect="grants.domain.agreement.stamp_replaced", comment_required=True, style="outline", listed=False,
        ),
        step(
            "end_with_award", {G.DRAFT, G.OUT, G.SIGNED}, G.REPLACED, "Ended with its award",
            rules.may_end_agreement, first="grants.domain.agreement.lock_award",
            effect="grants.domain.agreement.stamp_replaced", listed=False,
        ),
    ),
)  # fmt: skip

# Every step locks the award first, as whoever ends the award does, then the amendment; approving goes on to the award's
# years and the site.
AMENDMENT = Workflow(
    "grants.amendment",
    (
        step(
            "request", M.DRAFT, M.REQUESTED, "Ask the foundation", rules.may_amend,
            first="grants.domain.amendment.lock_award",
            blockers="grants.domain.queries.amendment.obstacles_to_requesting",
            effect="grants.domain.amendment.stamp_requested", listed=False,
        ),
        step(
            "let_pass", M.DRAFT, M.APPROVED, "Small move, approved by the program’s rules", rules.may_amend,
            first="grants.domain.amendment.lock_award",
            blockers="grants.domain.queries.amendment.obstacles_to_letting_pass",
            effect="grants.domain.amendment.let_pass", listed=False,
        ),
        step(
            "agree", M.REQUESTED, M.APPROVED, "Agree to the new people", rules.may_recommend_amendment,
            first="grants.domain.amendment.lock_award",
            blockers="grants.domain.queries.amendment.obstacles_to_agreeing",
            effect="grants.domain.amendment.apply", comment_required=True,
            consequence="The change stands in the award’s versions, and the team is told with your note.",
        ),
        step(
            "recommend", M.REQUESTED, M.RECOMMENDED, "Recommend to the director", rules.may_recommend_amendment,
            first="grants.domain.amendment.lock_award",
            blockers="grants.domain.queries.amendment.obstacles_to_recommending",
            effect="grants.domain.amendment.stamp_recommended", comment_required=True,
            consequence="A director reads your note and decides. Nothing changes until then.",
        ),
        step(
            "approve", M.RECOMMENDED, M.APPROVED, "Approve the amendment", rules.may_approve_amendment,
            first="grants.domain.amendment.lock_award",
            blockers="grants.domain.queries.amendment.obstacles_to_approving",
            effect="grants.domain.amendment.apply", step_up=True,
            consequence="The award changes at once and gets its next version. The team and the staff who deal with it "
            "are told.",
        ),
        step(
            "decline", {M.REQUESTED, M.RECOMMENDED}, M.DECLINED, "Decline", rules.may_decline_amendment,
            first="grants.domain.amendment.lock_award", effect="grants.domain.amendment.stamp_declined",
            comment_required=True, style="outline",
            consequence="The award stays as it is. The team is told, with the reason you write.",
        ),
        step(
            "withdraw", {M.DRAFT, M.REQUESTED, M.RECOMMENDED}, M.WITHDRAWN, "Withdraw", rules.may_amend,
            first="grants.domain.amendment.lock_award", effect="grants.domain.amendment.tell_of_withdrawal",
            style="danger", consequence="Nothing changes. What you wrote stays here to read, and you can ask again.",
        ),
        step(
            "end_with_award", {M.DRAFT, M.REQUESTED, M.RECOMMENDED}, M.WITHDRAWN, "Ended with its award",
            rules.may_end_amendment, first="grants.domain.amendment.lock_award", listed=False,
        ),
    ),
)  # fmt: skip

PAYMENT = Workflow(
    "grants.payment",
    (
        step(
            "prepare", Y.SCHEDULED, Y.PREPARED, "Prepare for release", rules.may_prepare_payments,
            blockers="grants.domain.queries.payment.obstacles_to_paying",
            effect="grants.domain.payment.freeze_payee",
            consequence="Payee and tax status are frozen. Another finance officer has to release it.",
        ),
        step(
            "release", Y.PREPARED, Y.CLEARED, "Release", rules.may_release_payment,
            blockers="grants.domain.queries.payment.obstacles_to_paying",
            effect="grants.domain.payment.stamp_released", step_up=True,
            consequence="The payment is cleared: it goes into the next batch for the bank.",
        ),
        step(
            "send_back", Y.PREPARED, Y.SCHEDULED, "Send back", rules.may_prepare_payments,
            effect="grants.domain.payment.forget_preparation", comment_required=True, style="outline",
            consequence="It returns to the schedule and has to be prepared again.",
        ),
        step(
            "record_paid", Y.CLEARED, Y.PAID, "Record as paid", rules.may_prepare_payments,
            effect="grants.domain.payment.stamp_paid", listed=False,
        ),
        step(
            "hold", {Y.SCHEDULED, Y.PREPARED, Y.CLEARED}, Y.HELD, "Put on hold", rules.may_hold_payments,
            effect="grants.domain.payment.stamp_held", comment_required=True, style="outline",
            consequence="It cannot be paid until somebody lifts the hold, and has to be prepared again then.",
        ),
        step(
            "resume", Y.HELD, Y.SCHEDULED, "Lift the hold", rules.may_hold_payments,
            effect="grants.domain.payment.clear_hold",
            consequence="It returns to the schedule.",
        ),
        step(
            "cancel", {Y.SCHEDULED, Y.HELD}, Y.CANCELLED, "Cancel", rules.may_prepare_payments,
            effect="grants.domain.payment.give_back", comment_required=True, style="danger",
            consequence=(
                "The money stays in the award year and can be scheduled again. Once the award has ended, it returns to "
                "the envelope."
            ),
        ),
        step(
            "void", Y.PAID, Y.VOIDED, "Void the payment", rules.may_void_payments,
            blockers="grants.domain.queries.payment.obstacles_to_voiding",
            effect="grants.domain.payment.stamp_voided", comment_required=True, style="danger", step_up=True,
            consequence=(
                "Only for money that never left the bank or bounced, such as a stopped check. What came back from the "
                "payee is a refund. The money returns to the award year, or to the envelope once the award has ended."
            ),
        ),
        step(
            "end_with_award", {Y.SCHEDULED, Y.PREPARED, Y.HELD}, Y.CANCELLED, "Cancelled with its award",
            rules.may_cancel_with_award, effect="grants.domain.payment.give_back", listed=False,
        ),
    ),
)  # fmt: skip
