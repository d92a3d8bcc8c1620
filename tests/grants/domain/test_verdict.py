"""What a director says to the lines of a docket, and what comes of it when the docket is approved or returned."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from grants.domain.docket import prepare_docket
from grants.domain.docket_line import change_line
from grants.domain.queries.docket import returned_before, table
from grants.domain.queries.docket_step import facts
from grants.domain.queries.proposal_state import applicant_history
from grants.domain.queries.verdict import obstacles_to_approving, tally
from grants.domain.scenario import copy_docket
from grants.domain.verdict import agree_to_rest, give_verdict
from grants.enums import Decision, DocketState, LineVerdict
from grants.models import Award, Docket, DocketLine, Proposal
from grants.workflow import DOCKET
from portal.accounts.enums import Role
from portal.activity.models import Entry
from portal.mail.models import Message
from portal.record import Stale
from tests.factories.accounts import UserFactory
from tests.factories.dockets import DECIDED_AT, a_docket, a_reviewed_proposal, recommend, the_line
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
LATER = DECIDED_AT + timedelta(days=1)
NOT_HERE = "You recommended this docket, so another director has to decide on it."


@pytest.fixture
def sites():
    return [a_site(name=f"{name} Promise") for name in ("Harbor", "Prairie", "Piedmont")]


@pytest.fixture
def round_(sites):
    """A round with three proposals of one mark each, so that their order is that of the sites."""
    round_ = RoundFactory(name="Closing the Gaps 2027", envelope=Decimal("9000000.00"))
    for mark, site in zip((5, 4, 3), sites, strict=True):
        a_reviewed_proposal(round_, site=site, marks=(mark,))
    return round_


@pytest.fixture
def sent(round_, omar_officer, dina_director):
    return a_docket(round_, officer=omar_officer, state=DocketState.SENT)


def line_of(docket, name):
    return DocketLine.objects.select_related("docket__round", "proposal__site").get(
        docket=docket, proposal__site__name=f"{name} Promise"
    )


def say(docket, name, verdict, reason="", *, actor):
    return give_verdict(line_of(docket, name), verdict=verdict, reason=reason, actor=actor, at=LATER)


def states():
    return list(Proposal.objects.order_by("pk").values_list("state", flat=True))


# --- saying it ---


def test_verdict_is_kept_with_who_when_and_why(sent, dina_director):
    line = say(sent, "Harbor", LineVerdict.RETURNED, " Ask about year 2. ", actor=dina_director)

    assert (line.verdict, line.verdict_reason, line.verdict_by, line.verdict_at) == (
        "returned", "Ask about year 2.", dina_director, LATER,
    )  # fmt: skip
    entry = Entry.objects.of(sent).first()
    assert (entry.verb, entry.summary) == ("verdict", "Harbor Promise: returned.")
    assert entry.facts["reason"] == "Ask about year 2."
    assert states() == ["recommended"] * 3


def test_verdict_taken_back_leaves_nothing(sent, dina_director):
    say(sent, "Harbor", LineVerdict.DECLINED, "Too thin.", actor=dina_director)

    line = say(sent, "Harbor", LineVerdict.OPEN, "left over", actor=dina_director)

    assert (line.verdict, line.verdict_reason, line.verdict_by, line.verdict_at) == ("open", "", None, None)


@pytest.mark.parametrize("verdict", [LineVerdict.RETURNED, LineVerdict.DECLINED])
def test_verdict_against_a_line_without_a_reason_is_refused(verdict, sent, dina_director):
    with refuses("Say why: the officer reads your reason."):
        say(sent, "Harbor", verdict, "  ", actor=dina_director)


def test_decline_of_a_decline_is_refused(round_, omar_officer, dina_director):
    docket = a_docket(round_, officer=omar_officer)
    recommend(line_of(docket, "Piedmont"), officer=omar_officer, decision=Decision.DECLINE, feedback="More on need.")
    docket = DOCKET.perform(docket, "send", actor=omar_officer, at=LATER)

    with refuses("A decline is what this line recommends. Agree to it, or return it."):
        say(docket, "Piedmont", LineVerdict.DECLINED, "No.", actor=dina_director)


@pytest.mark.parametrize("who", ["omar_officer", "fay_finance", "otto_auditor", "rita_reviewer"])
def test_verdict_by_anybody_but_a_director_is_refused(who, request, sent):
    with refuses("Only a director approves a docket."):
        say(sent, "Harbor", LineVerdict.AGREED, actor=request.getfixturevalue(who))
    with refuses("Only a director approves a docket."):
        agree_to_rest(sent, actor=request.getfixturevalue(who), at=LATER)


@pytest.mark.parametrize("state", [DocketState.DRAFT, DocketState.APPROVED, DocketState.SET_ASIDE])
def test_verdict_on_a_docket_that_is_not_with_the_director_is_refused(state, round_, omar_officer, dina_director):
    docket = a_docket(round_, officer=omar_officer, director=dina_director, state=state)

    with refuses(f"This docket is not with the director now. It is {docket.get_state_display().lower()}."):
        say(docket, "Harbor", LineVerdict.RETURNED, "Why?", actor=dina_director)
    with refuses(f"This docket is not with the director now. It is {docket.get_state_display().lower()}."):
        agree_to_rest(docket, actor=dina_director, at=LATER)


def test_verdict_on_a_version_that_was_changed_is_stale(sent, dina_director):
    with pytest.raises(Stale):
        give_verdict(line_of(sent, "Harbor"), verdict="agreed", actor=dina_director, at=LATER, version=sent.version - 1)


def test_agreeing_to_the_rest_leaves_what_was_said(sent, dina_director):
    say(sent, "Prairie", LineVerdict.RETURNED, "Ask about year 2.", actor=dina_director)

    number = agree_to_rest(sent, actor=dina_director, at=LATER)

    assert number == 2
    assert list(sent.lines.values_list("verdict", flat=True)) == ["agreed", "returned", "agreed"]
    count = tally(list(sent.lines.all()))
    assert (count.agreed, count.returned, count.declined, count.open, count.decided) == (2, 1, 0, 0, 3)
    with refuses("You have decided on every line already."):
        agree_to_rest(sent, actor=dina_director, at=LATER)


@pytest.mark.parametrize(
    "wrong",
    [
        {"verdict": "agreed"},
        {"verdict": "open", "verdict_reason": "left over"},
        {"verdict": "declined", "verdict_at": LATER},
        {"verdict": "unheard"},
    ],
)
def test_verdict_that_does_not_say_who_and_why_is_refused_by_the_database(wrong, sent):
    with pytest.raises(IntegrityError), transaction.atomic():
        sent.lines.filter(rank=1).update(**wrong)


# --- nobody decides on what they recommended ---


def both_roles():
    return UserFactory(roles=[Role.OFFICER, Role.DIRECTOR])


def test_whoever_wrote_in_the_docket_does_not_decide_on_it(round_, omar_officer):
    both = both_roles()
    docket = a_docket(round_, officer=omar_officer)
    recommend(line_of(docket, "Harbor"), officer=both, yearly=Decimal("100000.00"))
    docket = DOCKET.perform(docket, "send", actor=omar_officer, at=LATER)

    with refuses(NOT_HERE):
        say(docket, "Harbor", LineVerdict.AGREED, actor=both)


def test_whoever_prepared_what_it_was_copied_from_does_not_decide_on_it(round_, omar_officer):
    both = both_roles()
    first = a_docket(round_, officer=both)
    second = copy_docket(first, title="Six sites, 90%", actor=omar_officer, at=LATER)
    third = copy_docket(second, title="Rural set-aside", actor=omar_officer, at=LATER)
    third = DOCKET.perform(third, "send", actor=omar_officer, at=LATER)

    for act in (
        lambda: say(third, "Harbor", LineVerdict.AGREED, actor=both),
        lambda: agree_to_rest(third, actor=both, at=LATER),
        lambda: DOCKET.perform(third, "return", actor=both, at=LATER, comment="No."),
    ):
        with refuses(NOT_HERE):
            act()


def test_director_with_both_roles_decides_on_what_others_recommended(sent):
    assert agree_to_rest(sent, actor=both_roles(), at=LATER) == 3


# --- what comes of it ---


def test_docket_with_open_lines_cannot_be_approved(sent, dina_director):
    say(sent, "Prairie", LineVerdict.AGREED, actor=dina_director)

    assert obstacles_to_approving(sent) == ["Agree to, return or decline Harbor Promise and Piedmont Promise first."]
    with refuses("Agree to, return or decline Harbor Promise and Piedmont Promise first."):
        DOCKET.perform(sent, "approve", actor=dina_director, at=LATER)
    assert not Award.objects.exists()


def test_docket_of_which_every_line_is_returned_cannot_be_approved(sent, dina_director):
    for name in ("Harbor", "Prairie", "Piedmont"):
        say(sent, name, LineVerdict.RETURNED, "Ask again.", actor=dina_director)

    with refuses("Every line is returned, so nothing is left to approve. Return the docket instead."):
        DOCKET.perform(sent, "approve", actor=dina_director, at=LATER)


def test_approving_makes_of_each_line_what_was_said(sent, omar_officer, dina_director):
    say(sent, "Prairie", LineVerdict.RETURNED, "Ask about year 2.", actor=dina_director)
    say(sent, "Piedmont", LineVerdict.DECLINED, "Too thin.", actor=dina_director)
    agree_to_rest(sent, actor=dina_director, at=LATER)
    assert table(sent).committed == Decimal("1200000.00")

    docket = DOCKET.perform(sent, "approve", actor=dina_director, at=LATER)

    assert [award.site.name for award in Award.objects.select_related("site")] == ["Harbor Promise"]
    assert states() == ["recommended", "in_review", "not_recommended"]
    assert list(docket.lines.values_list("verdict", "decision", "amount")) == [
        ("agreed", "award", Decimal("1200000.00")),
        ("returned", "award", Decimal("1200000.00")),
        ("declined", "decline", Decimal("0.00")),
    ]
    assert table(docket).committed == Decimal("1200000.00")
    assert facts(docket)[1:] == [
        ("Harbor Promise", "$1,200,000"),
        ("All awards together", "$1,200,000"),
        ("Prairie Promise", "Returned by the director"),
        ("Piedmont Promise", "Declined by the director"),
    ]
    for proposal in Proposal.objects.all():
        assert [entry.verb for entry in applicant_history(proposal)] == []
    letter = Message.objects.get(template="docket_approved")
    assert letter.to == omar_officer.email
    assert "- Piedmont Promise (declined): Too thin." in letter.text


def test_proposal_the_director_returned_comes_on_a_next_docket_with_the_reason(sent, omar_officer, dina_director):
    say(sent, "Prairie", LineVerdict.RETURNED, "Ask about year 2.", actor=dina_director)
    agree_to_rest(sent, actor=dina_director, at=LATER)
    DOCKET.perform(sent, "approve", actor=dina_director, at=LATER)

    second = prepare_docket(sent.round, actor=omar_officer, at=LATER, title="Board docket, May")

    (line,) = second.lines.all()
    assert returned_before(second)[line.proposal_id].verdict_reason == "Ask about year 2."
    second = DOCKET.perform(second, "send", actor=omar_officer, at=LATER)
    agree_to_rest(second, actor=dina_director, at=LATER)
    DOCKET.perform(second, "approve", actor=dina_director, at=LATER)
    assert Award.objects.count() == 3


def test_returning_the_docket_clears_the_lines_and_tells_every_reason(sent, omar_officer, dina_director):
    say(sent, "Prairie", LineVerdict.RETURNED, "Ask about year 2.", actor=dina_director)
    say(sent, "Piedmont", LineVerdict.DECLINED, "Too thin.", actor=dina_director)
    agree_to_rest(sent, actor=dina_director, at=LATER)

    docket = DOCKET.perform(sent, "return", actor=dina_director, at=LATER, comment="Please look again.")

    said = (
        "Please look again.\n\nPrairie Promise (returned): Ask about year 2.\n\nPiedmont Promise (declined): Too thin."
    )
    assert docket.return_reason == said
    assert set(docket.lines.values_list("verdict", "verdict_reason", "verdict_by")) == {("open", "", None)}
    assert states() == ["in_review"] * 3
    assert said in Message.objects.get(template="docket_returned").text


def test_docket_changed_and_sent_again_is_looked_at_again(sent, omar_officer, dina_director):
    agree_to_rest(sent, actor=dina_director, at=LATER)
    docket = DOCKET.perform(sent, "return", actor=dina_director, at=LATER, comment="Look again.")
    line = the_line(docket, Proposal.objects.order_by("pk").first())
    version = Docket.objects.get().version
    change_line(
        line, actor=omar_officer, at=LATER, version=version, decision="waitlist", amounts={}, note="", feedback=""
    )

    docket = DOCKET.perform(Docket.objects.get(), "send", actor=omar_officer, at=LATER)

    assert (docket.return_reason, tally(list(docket.lines.all())).open) == ("", 3)
