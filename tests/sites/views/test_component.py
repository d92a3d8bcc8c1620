"""The pages of the programme's own words."""

import pytest
from django.urls import reverse

from sites.models import Component, KeyIssue

pytestmark = pytest.mark.django_db


def test_component_list_shows_both_lists(client, ada_admin):
    client.force_login(ada_admin)

    page = client.get(reverse("sites:component-list")).content.decode()

    for row in (*Component.objects.all(), KeyIssue.objects.get(pk="funding-equity")):
        assert row.name in page


def test_component_edit_saves_words_and_place_but_never_the_code(client, ada_admin):
    client.force_login(ada_admin)

    answer = client.post(
        reverse("sites:component-edit", args=["coherence"]),
        {"name": "Coherent schools", "short_name": "Coherent", "purpose": "One direction.", "engages": "Everybody",
         "position": "1", "code": "other"},
    )  # fmt: skip

    assert answer.url == reverse("sites:component-list")
    assert Component.objects.first().pk == "coherence"


def test_issue_edit_with_a_name_in_use_says_so(client, ada_admin):
    client.force_login(ada_admin)

    page = client.post(
        reverse("sites:issue-edit", args=["accountability"]), {"name": "Funding equity", "position": "1"}
    ).content.decode()

    assert "Another one has this name already." in page


@pytest.mark.parametrize("who", ["omar_officer", "lea_site_lead"])
@pytest.mark.parametrize(
    ("name", "args"), [("component-list", []), ("component-edit", ["coherence"]), ("issue-edit", ["accountability"])]
)
def test_component_pages_are_refused_to_everybody_else(client, request, who, name, args):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse(f"sites:{name}", args=args)).status_code == 403


def test_component_there_is_not_is_not_found(client, ada_admin):
    client.force_login(ada_admin)

    assert client.get(reverse("sites:component-edit", args=["king"])).status_code == 404
