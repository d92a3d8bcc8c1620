"""The pages around changes asked for: choosing, what the team reads, more time, the team's workspace, the record."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grants.domain.change_request import ask_for_changes
from grants.domain.queries.dossier import dossier_of
from grants.domain.section import save_section
from grants.domain.submission import submit_proposal
from grants.enums import ProposalState
from grants.models import ChangeRequest, Proposal
from portal import clock
from portal.mail.models import Message
from tests.conftest import NOON
from tests.factories.proposals import CHANGES_DUE, ProposalFactory, a_submitted_proposal, sign_everything
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
AFTER = "sustainability", "after-the-grant"
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def proposal(ana_applicant):
    return ProposalFactory(state=ProposalState.SUBMITTED, site=a_site(ana_applicant, name="Harbor Promise"))


@pytest.fixture(autouse=True)
def late():
    """Four days before the changes of the factories are due; the call has closed."""
    with clock.at(CHANGES_DUE - timedelta(days=4)) as moment:
        yield moment


def page(proposal):
    return reverse("grants:proposal-detail", args=[proposal.reference])


def url(proposal, name="new"):
    return reverse(f"grants:change-request-{name}", args=[proposal.reference])


def typed(proposal, **more):
    return {
        "version": proposal.version, "note": "Two questions.", "ask_budget": "on", "what_budget": "Explain year 2.",
        "what_need": "Never mind.", "due_at": "2026-11-08T17:00", **more,
    }  # fmt: skip


def fresh(proposal):
    return Proposal.objects.select_related("round", "site").get(pk=proposal.pk)


# --- asking ---


def test_form_offers_ten_days_and_every_section(client, proposal, omar_officer):
    client.force_login(omar_officer)

    response = client.get(url(proposal))

    form = response.context["form"]
    assert form["due_at"].value().isoformat() == "2026-11-14T17:00:00"
    assert [part.key for part, _, _ in form.sections] == [part.key for part in dossier_of(proposal).parts]
    assert "Eastern time." in response.text


def test_choice_is_shown_as_the_team_will_read_it_before_anything_is_sent(client, proposal, omar_officer):
    client.force_login(omar_officer)

    shown = client.post(url(proposal), typed(proposal))

    assert (shown.status_code, ChangeRequest.objects.count(), Message.objects.count()) == (200, 0, 0)
    assert shown.context["items"] == [("Five-year budget", "Explain year 2.")]
    assert "1 member of the team of Harbor Promise gets it by mail" in " ".join(shown.text.split())
    back = client.post(url(proposal), {**dict(shown.context["kept"]), "change": "yes"})
    assert back.context["form"]["note"].value() == "Two questions."
    assert ChangeRequest.objects.count() == 0

    sent = client.post(url(proposal), {**dict(shown.context["kept"]), "confirmed": "yes"})

    assert sent.url == page(proposal)
    asked = ChangeRequest.objects.get()
    assert (asked.due_at, [each.section for each in asked.items.all()]) == (CHANGES_DUE, ["budget"])
    again = client.post(url(proposal), {**dict(shown.context["kept"]), "confirmed": "yes"})
    assert (again.status_code, ChangeRequest.objects.count()) == (409, 1)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"ask_budget": ""}, "Choose at least one section. Only what you choose is open to the team."),
        ({"what_budget": ""}, "Say what to change in “Five-year budget”; the team reads it."),
        ({"note": ""}, "Write a few words to the team; they open the mail with them."),
        ({"due_at": ""}, "Choose the day and hour by which you want the changes."),
        ({"due_at": "2026-11-01T17:00"}, "Choose a moment that is still to come."),
        ({"due_at": "2027-03-14T02:30"}, "the clocks skip that hour"),
    ],
)
def test_incomplete_form_keeps_what_was_typed_and_says_what_is_missing(client, proposal, omar_officer, more, sentence):
    client.force_login(omar_officer)

    response = client.post(url(proposal), typed(proposal, **more))

    assert (response.status_code, sentence in response.text, "Never mind." in response.text) == (422, True, True)


def test_form_while_the_call_is_open_says_why_it_cannot_be_done(client, proposal, omar_officer):
    client.force_login(omar_officer)
    with clock.at(NOON):
        response = client.get(url(proposal))
        record = client.get(page(proposal))

    assert "The call is open until Fri 30 Oct 2026, 5:00 pm Eastern" in response.text
    assert record.context["ask"].reasons == (
        "The call is open until Fri 30 Oct 2026, 5:00 pm Eastern; the team may still change its proposal.",
    )


def test_more_time_is_given_on_a_page_of_its_own(client, omar_officer, ana_applicant):
    returned = ProposalFactory(state=ProposalState.RETURNED, site=a_site(ana_applicant))
    client.force_login(omar_officer)

    refused = client.post(url(returned, "extend"), {"due_at": "2026-11-08T17:00"})
    given = client.post(url(returned, "extend"), {"due_at": "2026-11-12T12:00"})

    assert (refused.status_code, "a deadline is not shortened" in refused.text) == (422, True)
    assert given.url == page(returned)
    assert ChangeRequest.objects.get().due_at == CHANGES_DUE + timedelta(days=3, hours=19)
    assert client.get(url(ProposalFactory(), "extend")).status_code == 404


# --- the team ---


def test_workspace_opens_with_what_is_wanted_and_only_that_is_open(client, ana_applicant, omar_officer, late):
    proposal = a_submitted_proposal(a_site(ana_applicant), actor=ana_applicant)
    items = {"sustainability": "Who pays in year 6?", "need": "Which year?"}
    ask_for_changes(proposal, actor=omar_officer, at=late, note="Thank you.", due_at=CHANGES_DUE, items=items)
    row = fresh(proposal)
    version = dossier_of(row).saved[AFTER[0]].version
    save_section(row, AFTER[0], actor=ana_applicant, at=late, version=version, answers={AFTER[1]: "The district."})
    client.force_login(ana_applicant)

    response = client.get(page(proposal))

    assert [(each.title, each.changed) for _, each in response.context["wanted"]] == [
        ("Need", False), ("After the grant", True),
    ]  # fmt: skip
    assert response.context["open_keys"] == {"need", "sustainability", "signoffs"}
    for text in ("We ask you to change something", "Which year?", "Who pays in year 6?", "Thank you.", "4 days"):
        assert text in response.text
    closed = reverse("grants:proposal-section", args=[proposal.reference, "coalition"])
    assert client.get(closed).url.endswith("/read/#content-coalition")
    assert "Only “Need” and “After the grant” are open for changes" in client.get(closed, follow=True).text
    assert client.get(reverse("grants:proposal-section", args=[proposal.reference, "need"])).status_code == 200


def test_workspace_after_the_time_says_that_it_is_over(client, ana_applicant):
    returned = ProposalFactory(state=ProposalState.RETURNED, site=a_site(ana_applicant))
    client.force_login(ana_applicant)

    with clock.at(CHANGES_DUE + timedelta(seconds=1)):
        response = client.get(page(returned))

    assert "The time for your changes is over" in response.text
    assert response.context["can_submit"] is False


# --- the record ---


def test_record_tells_staff_what_the_answer_changed(client, ana_applicant, omar_officer, late):
    proposal = a_submitted_proposal(a_site(ana_applicant), actor=ana_applicant)
    ask_for_changes(
        proposal, actor=omar_officer, at=late, note="Thank you.", due_at=CHANGES_DUE, items={AFTER[0]: "Who pays?"}
    )
    row = fresh(proposal)
    version = dossier_of(row).saved[AFTER[0]].version
    save_section(row, AFTER[0], actor=ana_applicant, at=late, version=version, answers={AFTER[1]: "The district pays."})
    sign_everything(fresh(proposal), ana_applicant, at=late)
    submit_proposal(fresh(proposal), actor=ana_applicant, at=late, key=KEY)
    client.force_login(omar_officer)

    record = client.get(page(proposal))
    changes = client.get(reverse("grants:submission-changes", args=[proposal.reference, 2]))

    assert [each.key for each in record.context["changed"]] == ["sustainability", "signoffs"]
    assert "Submission 2 differs from submission 1 in" in record.text
    assert "with submission 2" in record.text
    assert "The district pays." in changes.text
    assert client.get(reverse("grants:submission-changes", args=[proposal.reference, 1])).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_record_costs_the_same_however_often_was_asked_and_written(
    client, proposal, ana_applicant, omar_officer, django_assert_max_num_queries, number
):
    for _ in range(number):
        asked = ChangeRequest.objects.create(
            proposal=proposal, note="Again.", due_at=CHANGES_DUE, asked_by=omar_officer, asked_at=NOON, closed_at=NOON
        )
        asked.items.create(section="budget", what="Explain.")
    client.force_login(omar_officer)

    with django_assert_max_num_queries(20):
        assert len(client.get(page(proposal)).context["requests"]) == number


@pytest.mark.parametrize(
    "keys", [["need"], ["need", "baseline", "budget", "sustainability", "attachments", "coalition"]]
)
def test_form_costs_the_same_however_much_is_asked(client, omar_officer, django_assert_num_queries, keys):
    proposal = ProposalFactory(state=ProposalState.SUBMITTED)
    client.force_login(omar_officer)
    data = typed(proposal, **{f"ask_{key}": "on" for key in keys}, **{f"what_{key}": "This." for key in keys})

    with django_assert_num_queries(8):
        client.post(url(proposal), data)


def test_check_page_names_what_was_asked_and_is_not_changed_yet(client, ana_applicant, omar_officer, late):
    proposal = a_submitted_proposal(a_site(ana_applicant), actor=ana_applicant)
    items = {"sustainability": "Who pays?", "need": "Which year?"}
    ask_for_changes(proposal, actor=omar_officer, at=late, note="Thank you.", due_at=CHANGES_DUE, items=items)
    client.force_login(ana_applicant)

    response = client.get(reverse("grants:proposal-submit", args=[proposal.reference]))

    assert [each.title for each in response.context["unchanged"]] == ["Need", "After the grant"]
    assert "Your changes are due" in response.text
    assert "it answers what we asked you to change" in response.text
    assert reverse("grants:proposal-section", args=[proposal.reference, "coalition"]) not in response.text
