"""Ranking the lines of a draft and setting what every award gets."""

from datetime import timedelta
from decimal import Decimal

import pytest

from grants.domain.docket_line import move_line_to, share_awards, sort_lines
from grants.enums import Decision, DocketState
from grants.models import Docket, DocketAmount, DocketLine
from portal.accounts.enums import Role
from portal.record import Stale
from tests.factories.accounts import UserFactory
from tests.factories.awards import an_award
from tests.factories.dockets import DECIDED_AT, a_docket, a_reviewed_proposal, recommend
from tests.factories.reviews import a_review
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
LATER = DECIDED_AT + timedelta(days=1)


@pytest.fixture
def round_(db):
    """Two criteria of weights 1 and 2, two reviewers; the three means rank the proposals in three ways."""
    round_ = RoundFactory(criteria=2, envelope=Decimal("9000000.00"))
    strict, mild = (UserFactory(roles=[Role.REVIEWER]) for _ in range(2))
    for name, low, high in (("Harbor", (1, 4), (4, 5)), ("Prairie", (5, 2), (5, 1)), ("Piedmont", (1, 1), (5, 5))):
        proposal = a_reviewed_proposal(round_, site=a_site(name=f"{name} Promise"), marks=())
        for reviewer, points in ((strict, low), (mild, high)):
            a_review(proposal, reviewer, points=list(points))
    return round_


@pytest.fixture
def docket(round_, omar_officer):
    return a_docket(round_, officer=omar_officer)


def order(docket):
    names = docket.lines.order_by("rank").values_list("rank", "proposal__site__name")
    assert [rank for rank, _ in names] == list(range(1, len(names) + 1))
    return [name.split()[0] for _, name in names]


def line_of(docket, name):
    return DocketLine.objects.select_related("docket__round", "proposal__site").get(
        docket=docket, proposal__site__name=f"{name} Promise"
    )


# Weighted: 3.83, 2.67, 3.00. Raw: 3.50, 3.25, 3.00. Normalized: +0.52, -0.29, -0.23.
@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        ("weighted", ["Harbor", "Piedmont", "Prairie"]),
        ("raw", ["Harbor", "Prairie", "Piedmont"]),
        ("normalised", ["Harbor", "Piedmont", "Prairie"]),
    ],
)
def test_lines_are_ranked_by_a_mean(by, wanted, docket, omar_officer):
    move_line_to(line_of(docket, "Prairie"), rank=1, actor=omar_officer, at=LATER)

    sort_lines(docket, order=by, actor=omar_officer, at=LATER)

    assert order(docket) == wanted


def test_line_without_a_review_is_ranked_last(round_, omar_officer):
    a_reviewed_proposal(round_, site=a_site(name="Unread Promise"), marks=())
    docket = a_docket(round_, officer=omar_officer)
    move_line_to(line_of(docket, "Unread"), rank=1, actor=omar_officer, at=LATER)

    sort_lines(docket, order="raw", actor=omar_officer, at=LATER)

    assert order(docket)[-1] == "Unread"


@pytest.mark.parametrize(
    ("rank", "wanted"),
    [
        (1, ["Prairie", "Harbor", "Piedmont"]),
        (2, ["Harbor", "Prairie", "Piedmont"]),
        (3, ["Harbor", "Piedmont", "Prairie"]),
        (99, ["Harbor", "Piedmont", "Prairie"]),
    ],
)
def test_line_is_moved_to_a_rank(rank, wanted, docket, omar_officer):
    sort_lines(docket, order="raw", actor=omar_officer, at=LATER)

    move_line_to(line_of(docket, "Prairie"), rank=rank, actor=omar_officer, at=LATER)

    assert order(docket) == wanted


def test_every_award_gets_a_share_of_what_was_asked_in_whole_dollars(docket, omar_officer):
    recommend(line_of(docket, "Prairie"), officer=omar_officer, decision=Decision.WAITLIST)

    number = share_awards(docket, percent=93, actor=omar_officer, at=LATER)

    assert number == 2
    line = line_of(docket, "Harbor")
    amounts = [each.amount for each in line.amounts.all()]
    assert set(amounts) == {Decimal("74400.00")}
    assert line.amount == sum(amounts) == Decimal("1116000.00")
    assert line_of(docket, "Prairie").amounts.first().amount == Decimal("80000.00")


def test_share_that_passes_a_ceiling_changes_nothing(docket, omar_officer):
    an_award(line_of(docket, "Harbor").proposal.site, amounts=(Decimal("100000.00"), 0, 0, 0, 0))
    before = set(DocketAmount.objects.values_list("pk", "amount"))

    with pytest.raises(Exception, match="Harbor Promise would get"):
        share_awards(docket, percent=80, actor=omar_officer, at=LATER)

    assert set(DocketAmount.objects.values_list("pk", "amount")) == before


def test_share_without_an_award_is_refused(docket, omar_officer):
    for name in ("Harbor", "Prairie", "Piedmont"):
        recommend(line_of(docket, name), officer=omar_officer, decision=Decision.WAITLIST)

    with refuses("No line of this docket is an award yet, so there is nothing to set."):
        share_awards(docket, percent=80, actor=omar_officer, at=LATER)


ACTS = {
    "share": lambda docket, **facts: share_awards(docket, percent=80, **facts),
    "sort": lambda docket, **facts: sort_lines(docket, order="raw", **facts),
    "move": lambda docket, **facts: move_line_to(docket.lines.first(), rank=2, **facts),
}


@pytest.mark.parametrize("act", ACTS)
def test_draft_is_changed_by_officers_at_its_version_and_by_nobody_once_sent(act, docket, omar_officer, dina_director):
    with refuses("Only program officers build dockets."):
        ACTS[act](docket, actor=dina_director, at=LATER)
    with pytest.raises(Stale):
        ACTS[act](docket, actor=omar_officer, at=LATER, version=docket.version + 1)
    Docket.objects.update(state=DocketState.SENT, sent_by=omar_officer, sent_at=LATER)
    with refuses("This docket cannot be changed now. It is with the director."):
        ACTS[act](docket, actor=omar_officer, at=LATER)
