"""The check without an account: yes or no at once, and the answers found again in the proposal after signing up."""

import re

import pytest
from django.urls import reverse

from grants.enums import RoundState
from grants.models import Answer, FundingRound, Proposal
from portal import clock
from portal.accounts.models import User
from portal.mail.models import Message
from sites.models import Site
from tests.conftest import NOON
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
QUESTIONS = ("district-partner", "union-partner", "community-partner", "district-schools")
PASSWORD = "a long and good passphrase"


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


def check(round_):
    return reverse("grants:call-eligibility", args=[round_.reference])


def answers(**other):
    return dict.fromkeys(QUESTIONS, "yes") | {key.replace("_", "-"): value for key, value in other.items()}


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_check_of_a_coalition_that_can_apply_says_yes_and_leads_on(client):
    round_ = RoundFactory()

    response = client.post(check(round_), answers(), follow=True)

    assert "Yes, you can apply" in text_of(response)
    start = reverse("grants:proposal-start", args=[round_.reference])
    assert f"{reverse('account_signup')}?next={start}" in response.content.decode()


def test_check_of_a_coalition_that_cannot_apply_says_why(client):
    round_ = RoundFactory()
    round_.questions.update(if_no="")
    round_.questions.filter(key="union-partner").update(if_no="Ask your local union to join first.")

    text = text_of(client.post(check(round_), answers(union_partner="no", district_schools="no"), follow=True))

    assert "No, not with these answers" in text
    assert (
        "Is the local education union a full partner of your coalition? You answered no. Ask your local union" in text
    )
    assert "You answered no. Only coalitions that answer yes can apply in this round." in text
    assert text.count("You answered no.") == 2
    assert "Sign up to apply" not in text


def test_check_with_an_answer_missing_keeps_the_others_and_says_which(client):
    round_ = RoundFactory()
    data = answers()
    del data["union-partner"]

    response = client.post(check(round_), data)

    assert response.status_code == 422
    assert "Choose yes or no." in text_of(response)
    assert response.content.decode().count("checked") == 3
    assert "eligibility" not in client.session


@pytest.mark.parametrize("hostile", ["maybe", "<script>", "YES", "yes\x00"])
def test_check_takes_nothing_but_yes_and_no(hostile, client):
    assert client.post(check(RoundFactory()), answers(union_partner=hostile)).status_code == 422


def test_check_of_a_round_without_qualifying_questions_is_not_there(client):
    assert client.get(check(RoundFactory(core=False))).status_code == 404


def test_check_of_an_unpublished_round_is_not_there(client):
    round_ = RoundFactory(state=RoundState.DRAFT)

    assert (client.get(check(round_)).status_code, client.post(check(round_), answers()).status_code) == (404, 404)


def test_check_after_a_question_was_added_asks_for_it(client):
    round_ = RoundFactory()
    client.post(check(round_), answers())
    round_.questions.filter(key="union-partner").update(key="union-partner-2")

    text = text_of(client.get(check(round_)))

    assert "The questions have changed" in text
    assert "Yes, you can apply" not in text


def test_check_keeps_the_answers_of_ten_calls_at_most(client):
    for _ in range(12):
        client.post(check(RoundFactory()), answers())

    assert len(client.session["eligibility"]) == 10


def test_check_page_costs_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    round_ = RoundFactory()

    with django_assert_max_num_queries(2):
        client.get(check(round_))


def test_answers_survive_sign_up_and_fill_in_the_proposal(client, settings):
    """Check, sign up, confirm the address, set up a coalition, start: the section on eligibility is filled in."""
    settings.EMAIL_URL = "smtp://mail.example"
    round_ = RoundFactory()
    start = reverse("grants:proposal-start", args=[round_.reference])
    client.post(check(round_), answers(union_partner="no"))
    client.post(
        f"{reverse('account_signup')}?next={start}",
        {"name": "Nora New", "email": "nora@new.example", "password1": PASSWORD, "next": start},
    )
    link = re.search(r"/accounts/confirm-email/\S+", Message.objects.get(template="account_confirm").text)[0]
    confirmed = client.post(link)
    assert confirmed.status_code == 302
    if "_auth_user_id" not in client.session:
        signed_in = client.post(
            reverse("account_login"), {"login": "nora@new.example", "password": PASSWORD, "next": start}
        )
        assert signed_in.status_code == 302
    assert client.session["eligibility"][round_.reference]["union-partner"] == "no"
    assert "First, your coalition" in text_of(client.get(start))
    site = a_site(_person(client))

    response = client.post(start, {"site": site.reference, "title": "Every student"})

    proposal = Proposal.objects.get()
    assert response.url == reverse("grants:proposal-detail", args=[proposal.reference])
    kept = dict(Answer.objects.filter(proposal=proposal).values_list("question__key", "text"))
    assert kept == answers(union_partner="no")
    assert "eligibility" not in client.session or round_.reference not in client.session["eligibility"]
    assert proposal.sections.get(key="eligibility").saved_by.email == "nora@new.example"


def test_start_without_a_check_answers_nothing(client, ana_applicant):
    site, round_ = a_site(ana_applicant), RoundFactory()
    client.force_login(ana_applicant)

    client.post(reverse("grants:proposal-start", args=[round_.reference]), {"site": site.reference, "title": "Us"})

    assert Proposal.objects.count() == 1
    assert Answer.objects.count() == 0


def test_answers_of_another_call_do_not_fill_in_this_one(client, ana_applicant):
    site, round_, other = a_site(ana_applicant), RoundFactory(), RoundFactory()
    client.force_login(ana_applicant)
    client.post(check(other), answers())

    client.post(reverse("grants:proposal-start", args=[round_.reference]), {"site": site.reference, "title": "Us"})

    assert Answer.objects.count() == 0
    assert FundingRound.objects.count() == 2
    assert Site.objects.count() == 1


def _person(client):
    return User.objects.get(pk=client.session["_auth_user_id"])
