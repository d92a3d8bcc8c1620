"""Staff's pages of the documents a round asks for, and the call that shows them."""

import pytest
from django.urls import reverse

from grants.enums import RoundState
from grants.models import AttachmentSlot
from portal import clock
from tests.conftest import NOON
from tests.factories.rounds import RoundFactory, SlotFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


def page(name, round_, *more):
    return reverse(f"grants:{name}", args=[round_.reference, *more])


def test_document_added_edited_moved_and_removed_through_its_pages(client, omar_officer):
    round_ = RoundFactory(state=RoundState.DRAFT)
    client.force_login(omar_officer)
    typed = {"name": "Letter", "help": "One page.", "kinds": ["application/pdf"], "required": "on"}

    client.post(page("slot-new", round_), typed)
    refused = client.post(page("slot-new", round_), typed)
    client.post(page("slot-new", round_), typed | {"name": "Data"})
    letter, data = round_.slots.all()
    client.post(page("slot-move", round_, data.public_id), {"direction": "up", "version": 3})
    client.post(page("slot-edit", round_, letter.public_id), {"name": "Letter of support", "version": 4})
    client.post(page("slot-remove", round_, data.public_id), {"version": 5})

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["name"])
    (left,) = round_.slots.all()
    assert (left.name, left.required, left.kinds, left.position) == ("Letter of support", False, [], 2)


def test_documents_of_a_published_call_stay(client, omar_officer):
    slot = SlotFactory(round=RoundFactory())
    client.force_login(omar_officer)

    response = client.post(page("slot-edit", slot.round, slot.public_id), {"name": "Other", "version": 1})

    assert (response.status_code, AttachmentSlot.objects.get().name) == (409, slot.name)
    assert b"Add a document" not in client.get(page("slot-list", slot.round)).content


def test_document_of_another_round_is_a_404(client, omar_officer):
    slot = SlotFactory(round=RoundFactory(state=RoundState.DRAFT))
    client.force_login(omar_officer)

    other = RoundFactory(state=RoundState.DRAFT)
    assert client.get(page("slot-edit", other, slot.public_id)).status_code == 404


def test_documents_are_on_the_call_and_its_preview(client, omar_officer):
    slot = SlotFactory(round=RoundFactory(), kinds=["application/pdf"])

    public = client.get(page("call-detail", slot.round)).content.decode()
    client.force_login(omar_officer)
    preview = client.get(page("round-preview", slot.round)).content.decode()

    assert (slot.name in public, slot.help in public, slot.name in preview) == (True, True, True)


def test_document_list_without_documents_says_what_to_do(client, omar_officer):
    client.force_login(omar_officer)

    assert b"Add the first document" in client.get(page("slot-list", RoundFactory(state=RoundState.DRAFT))).content


@pytest.mark.parametrize("rows", [1, 30])
def test_document_list_costs_the_same_for_many(rows, client, omar_officer, django_assert_max_num_queries):
    round_ = RoundFactory(state=RoundState.DRAFT)
    for _ in range(rows):
        SlotFactory(round=round_)
    client.force_login(omar_officer)
    client.get(page("slot-list", round_))

    with django_assert_max_num_queries(6):
        client.get(page("slot-list", round_))
