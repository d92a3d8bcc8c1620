"""A round's own wording: saved, refused, taken by letters nobody edited, dropped again."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from grants.domain.letter import edit_letter, release_letters
from grants.domain.letter_template import drop_template, save_template
from grants.domain.queries.letter import preview
from grants.domain.queries.letter_text import PORTAL_WORDING, Wording
from grants.enums import Decision
from grants.models import Docket, Letter, LetterTemplate, Proposal
from portal.activity.models import Entry
from portal.record import Stale
from tests.factories.dockets import DECIDED_AT, a_reviewed_proposal
from tests.factories.letters import an_approved_docket, the_letter
from tests.factories.rounds import RoundFactory
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
LATER = DECIDED_AT + timedelta(days=1)
WORDS = {"subject": "About {proposal}", "body": "Dear {leads},\n\nnot this time.\n\n{scores}"}


def save(round_, actor, *, decision=Decision.DECLINE, version=0, **words):
    return save_template(round_, decision, actor=actor, at=LATER, version=version, **(WORDS | words))


def test_wording_saved_is_taken_by_letters_nobody_edited(omar_officer):
    docket = an_approved_docket(omar_officer, decisions=[Decision.DECLINE] * 3, marks=())
    edited, released, plain = Letter.objects.select_related("line__docket", "line__proposal").order_by("line__rank")
    edit_letter(edited, actor=omar_officer, at=LATER, version=edited.version, subject="Mine", body="My words.")
    fresh = Docket.objects.get()
    reference = released.line.proposal.reference
    release_letters(docket, {reference}, actor=omar_officer, at=LATER, version=fresh.version)
    before = Docket.objects.get().version

    save(docket.round, omar_officer)

    said = list(Letter.objects.order_by("line__rank").values_list("subject", flat=True))
    assert said == ["Mine", released.subject, f"About {plain.line.proposal}"]
    assert Docket.objects.get().version == before + 1
    assert Entry.objects.filter(verb="save_letter_template").get().facts == {"decision": "decline"}


def test_wording_dropped_brings_the_portals_back(omar_officer):
    docket = an_approved_docket(omar_officer, decisions=[Decision.DECLINE], marks=())
    portals = the_letter(docket).body
    save(docket.round, omar_officer)

    drop_template(docket.round, Decision.DECLINE, actor=omar_officer, at=LATER, version=1)

    assert the_letter(docket).body == portals
    assert Entry.objects.filter(verb="drop_letter_template").get().facts["body"] == WORDS["body"]
    with refuses("This letter has the portal’s wording already."):
        drop_template(docket.round, Decision.DECLINE, actor=omar_officer, at=LATER, version=0)


def test_wording_with_an_unknown_field_is_refused(omar_officer):
    with pytest.raises(ValidationError) as raised:
        save(RoundFactory(), omar_officer, body="Dear {director}")

    assert raised.value.message_dict == {
        "body": ["There is no field {director}. Choose one of the list beside the letter."]
    }


@pytest.mark.parametrize("version", [0, 2])
def test_wording_saved_from_another_version_is_stale(version, omar_officer, olga_officer):
    round_ = RoundFactory()
    save(round_, omar_officer)

    with pytest.raises(Stale):
        save(round_, olga_officer, version=version, subject="Other words")


@pytest.mark.parametrize("who", ["dina_director", "otto_auditor", "lea_site_lead"])
def test_wording_saved_by_others_is_refused(who, request):
    round_ = RoundFactory()

    with refuses("Only program officers announce decisions."):
        save(round_, request.getfixturevalue(who))


def test_second_wording_of_a_decision_is_refused_by_the_database(omar_officer):
    round_ = RoundFactory()
    save(round_, omar_officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        LetterTemplate.objects.create(round=round_, decision="decline", subject="a", body="b", saved_by=omar_officer)
    with pytest.raises(IntegrityError, match="letter_decision_is_known"), transaction.atomic():
        LetterTemplate.objects.create(round=round_, decision="maybe", subject="a", body="b", saved_by=omar_officer)


def test_preview_is_of_the_proposals_real_data(omar_officer):
    proposal = a_reviewed_proposal(marks=(4,), title="<i>Every</i> school")
    proposal = Proposal.objects.select_related("round", "site").get(pk=proposal.pk)

    letter = preview(Wording("{proposal}", "{asked} {amount}\n\n{scores}"), Decision.AWARD, proposal)

    name = proposal.round.criteria.first().name
    assert letter.subject == "<i>Every</i> school"
    assert letter.body.startswith(f"$1,200,000\n\n- {name}: 4.0 of {proposal.round.top_score}")
    assert preview(PORTAL_WORDING[Decision.DECLINE], Decision.DECLINE, proposal).subject.endswith(letter.subject)
