"""Who may do what to rounds, proposals, reviews, dockets, awards and payments. States and clocks are not asked here."""

from grants.enums import ReviewState, Section
from portal.access import ALLOWED, Verdict, any_role, refused
from portal.accounts.enums import Role
from sites import rules as site_rules

may_run_rounds = any_role(Role.OFFICER, otherwise="Only program officers run funding rounds.")
may_read_as_staff = any_role(
    Role.OFFICER, Role.DIRECTOR, Role.FINANCE, Role.AUDITOR, otherwise="Only foundation staff see this."
)
may_screen = any_role(Role.OFFICER, otherwise="Only program officers screen proposals.")
may_assign = any_role(Role.OFFICER, otherwise="Only program officers assign reviews.")
may_calibrate = any_role(Role.OFFICER, otherwise="Only program officers calibrate reviewers.")
may_manage_reviewers = any_role(Role.OFFICER, otherwise="Only program officers look after the pool of reviewers.")
may_lead_discussions = any_role(
    Role.OFFICER, otherwise="Only program officers open and close discussions among reviewers."
)
may_speak_in_discussions = any_role(
    Role.OFFICER, Role.DIRECTOR, otherwise="Only program officers and directors write to the reviewers here."
)
may_build_dockets = any_role(Role.OFFICER, otherwise="Only program officers build dockets.")
may_announce = any_role(Role.OFFICER, otherwise="Only program officers announce decisions.")
may_manage_awards = any_role(Role.OFFICER, otherwise="Only program officers manage awards.")
may_activate_awards = any_role(
    Role.OFFICER, Role.DIRECTOR, otherwise="An award starts when a director countersigns its agreement."
)
may_terminate_awards = any_role(Role.DIRECTOR, otherwise="Only a director ends an award early.")
may_prepare_payments = any_role(Role.FINANCE, otherwise="Only finance officers prepare payments.")
may_hold_payments = any_role(
    Role.FINANCE, Role.OFFICER, otherwise="Only finance and program officers put payments on hold."
)
may_set_conditions = any_role(
    Role.FINANCE, Role.OFFICER, otherwise="Only finance and program officers set the conditions of a payment."
)
may_batch_payments = any_role(Role.FINANCE, otherwise="Only finance officers put payments into a batch for the bank.")
may_void_payments = any_role(Role.FINANCE, otherwise="Only finance officers void a payment.")
may_record_refunds = any_role(Role.FINANCE, otherwise="Only finance officers record money that came back.")
may_export_payments = any_role(
    Role.FINANCE, Role.AUDITOR, otherwise="Only finance officers and auditors take the files of a batch along."
)


def may_write(proposal, user) -> Verdict:
    """Write sections: a lead or contributor seat on the site."""
    return site_rules.may_write(proposal.site, user)


def may_enter_budget(proposal, user) -> Verdict:
    """Enter the budget: any seat that writes, and site finance."""
    return site_rules.may_enter_money(proposal.site, user)


def may_write_part(proposal, key, user) -> Verdict:
    """Write in one section, by its key: the budget is also open to site finance."""
    return may_enter_budget(proposal, user) if key == Section.BUDGET else may_write(proposal, user)


def may_read_history(proposal, user) -> Verdict:
    """Read how a section came about: any seat of the team. To everybody else it is what it says now."""
    if site_rules.seat_role(proposal.site, user):
        return ALLOWED
    return refused("How a text came about is for the team that writes it.")


def may_submit(proposal, user) -> Verdict:
    """Submit or withdraw: any lead or contributor, so that no single person holds the key on deadline day."""
    return site_rules.may_write(proposal.site, user)


def may_ask_for_receipt(proposal, user) -> Verdict:
    """Have a receipt's PDF made again after it failed: who may submit, and program officers."""
    return may_screen(proposal, user) or may_submit(proposal, user)


def may_take_record(proposal, user) -> Verdict:
    """Take away everything about a proposal as one file: its team, and foundation staff."""
    if proposal.site_id in user.seat_roles:
        return ALLOWED
    return may_read_as_staff(proposal, user)


def may_message(proposal, user) -> Verdict:
    """Write to the other side about a proposal: any seat that may act, and program officers."""
    if Role.OFFICER in user.roles or site_rules.may_enter_money(proposal.site, user):
        return ALLOWED
    if proposal.site_id in user.seat_roles:
        return refused("You can read these messages. To write here you need a lead, contributor or finance seat.")
    return refused("Only program officers write to a team; you can read what was written.")


def may_keep_profile(person, user) -> Verdict:
    """Say what a reviewer knows, takes on and must not see: the reviewer, and program officers for them."""
    if person.pk == user.pk and Role.REVIEWER in user.roles:
        return ALLOWED
    return may_manage_reviewers(person, user)


def may_answer_review(review, user) -> Verdict:
    """Answer the conflict question, score, submit: the assigned reviewer alone."""
    if review.reviewer_id == user.pk and Role.REVIEWER in user.roles:
        return ALLOWED
    return refused("This review is assigned to somebody else.")


def may_read_for_review(review, user) -> Verdict:
    """Read the proposal for a review: the reviewer once the conflict question is answered, and staff."""
    if may_read_as_staff(review, user):
        return ALLOWED
    if review.reviewer_id == user.pk and review.state in {ReviewState.IN_PROGRESS, ReviewState.SUBMITTED}:
        return ALLOWED
    return refused("Answer the conflict question first.")


def may_read_reviews_of(proposal, user) -> Verdict:
    """Read everything the reviewers of a proposal said: staff, unless they still review it themselves or stepped back."""
    staff = may_read_as_staff(proposal, user)
    if not staff or Role.REVIEWER not in user.roles:
        return staff
    own = proposal.reviews.real().filter(reviewer=user).exclude(state=ReviewState.SUBMITTED).first()
    if own is None:
        return ALLOWED
    if own.state == ReviewState.RECUSED:
        return refused("You stepped back from this proposal, so what its reviewers say is not for you.")
    if own.submitted.exists():
        return ALLOWED
    return refused("You review this proposal yourself: submit your review first, then read what the others say.")


def may_discuss(review, user) -> Verdict:
    """Read and write in the discussion: a reviewer whose real review is submitted, or is being scored again."""
    answers = may_answer_review(review, user)
    if not answers:
        return answers
    if review.is_calibration:
        return refused("The reviews of a sample are not discussed here.")
    again = review.state == ReviewState.IN_PROGRESS and review.submitted.exists()
    if review.state == ReviewState.SUBMITTED or again:
        return ALLOWED
    return refused("Submit your review first: you read what the others say after you have said it yourself.")


def may_approve_docket(docket, user) -> Verdict:
    """A director who had no hand in it, nor in a scenario it was copied from: nobody approves what they recommended."""
    if Role.DIRECTOR not in user.roles:
        return refused("Only a director approves a docket.")
    if docket.was_shaped_by(user):
        return refused("You recommended this docket, so another director has to decide on it.")
    return ALLOWED


def may_withdraw_award(award, user) -> Verdict:
    """Give an award back: the site's lead alone."""
    return site_rules.may_lead(award.site, user)


def may_end_award(award, user) -> Verdict:
    """End an award early, from either side."""
    return may_terminate_awards(award, user) or may_withdraw_award(award, user)


def may_end_agreement(agreement, user) -> Verdict:
    """End what was not in force yet together with its award."""
    return may_end_award(agreement.award, user)


def may_cancel_with_award(payment, user) -> Verdict:
    """Cancel a payment because its award ends early."""
    return may_end_award(payment.award_year.award, user)


def may_name_signatory(award, user) -> Verdict:
    """Ask a partner to sign the agreement again, or somebody else for it: program officers and the site's lead."""
    if Role.OFFICER in user.roles or site_rules.may_lead(award.site, user):
        return ALLOWED
    return refused("Only a program officer or the site lead asks for signatures under the agreement.")


def may_complete_agreement(agreement, user) -> Verdict:
    """Nobody: the last partner's signature, which is given without an account, completes it."""
    return ALLOWED if user is None else refused("The signatures of all partners complete an agreement.")


def may_countersign(agreement, user) -> Verdict:
    """A director other than the one who sent the agreement out."""
    if Role.DIRECTOR not in user.roles:
        return refused("Only a director signs an agreement for the foundation.")
    if user.pk in {agreement.made_by_id, agreement.sent_by_id}:
        return refused("You wrote or sent this agreement, so another director has to sign it.")
    return ALLOWED


def may_amend(amendment, user) -> Verdict:
    """Ask for a change of an award, or take the request back: the site's lead alone."""
    return site_rules.may_lead(amendment.award.site, user)


def may_ask_for_amendment(award, user) -> Verdict:
    """Write down a change of this award: the site's lead alone."""
    return site_rules.may_lead(award.site, user)


def may_recommend_amendment(amendment, user) -> Verdict:
    """A program officer, who reads it first."""
    return may_manage_awards(amendment.award, user)


def may_approve_amendment(amendment, user) -> Verdict:
    """A director other than the one who recommended it."""
    if Role.DIRECTOR not in user.roles:
        return refused("Only a director approves an amendment.")
    if amendment.recommended_by_id == user.pk:
        return refused("You recommended this amendment, so another director has to decide on it.")
    return ALLOWED


may_decline_amendment = any_role(
    Role.OFFICER, Role.DIRECTOR, otherwise="Only program officers and directors decline an amendment."
)


def may_end_amendment(amendment, user) -> Verdict:
    """End what was asked for together with its award."""
    return may_end_award(amendment.award, user)


may_hold_papers = any_role(
    Role.OFFICER, Role.DIRECTOR, otherwise="Only program officers and directors place or lift a legal hold."
)


def may_release_payment(payment, user) -> Verdict:
    """A finance officer other than the one who prepared it."""
    if Role.FINANCE not in user.roles:
        return refused("Only finance officers release payments.")
    if payment.prepared_by_id == user.pk:
        return refused("You prepared this payment, so somebody else has to release it.")
    return ALLOWED
