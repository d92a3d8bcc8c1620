"""The documents a round asks for by name."""

import pytest
from django.core.exceptions import ValidationError

from grants.domain.slot import add_slot, change_slot, move_slot, remove_slot
from grants.enums import RoundState
from portal.documents.enums import ContentType
from tests.conftest import NOON
from tests.factories.rounds import RoundFactory, SlotFactory
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
FACTS = {"name": "Letter", "help": "One page.", "kinds": [], "required": True, "hidden_from_reviewers": False}


@pytest.fixture
def draft():
    return RoundFactory(state=RoundState.DRAFT)


def test_document_added_changed_moved_and_removed_follows_the_round(draft, omar_officer):
    letter = add_slot(draft, actor=omar_officer, at=NOON, **FACTS)
    data = add_slot(draft, actor=omar_officer, at=NOON, **FACTS | {"name": "Data"})

    move_slot(data, up=True, actor=omar_officer, at=NOON)
    assert [str(each) for each in draft.slots.all()] == ["Data", "Letter"]
    change_slot(letter, actor=omar_officer, at=NOON, **FACTS | {"name": "Letter of support"})
    remove_slot(data, actor=omar_officer, at=NOON)

    assert [str(each) for each in draft.slots.all()] == ["Letter of support"]
    draft.refresh_from_db()
    assert draft.version == 6


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"name": " "}, {"name": ["Name the document."]}),
        ({"name": "Known"}, {"name": ["The round asks for a document of this name already."]}),
        ({"kinds": ["text/html"]}, {"kinds": ["Choose among the kinds of file of the list."]}),
    ],
)
def test_document_that_cannot_be_asked_for_is_refused_in_words(change, errors, draft, omar_officer):
    SlotFactory(round=draft, name="Known")

    with pytest.raises(ValidationError) as raised:
        add_slot(draft, actor=omar_officer, at=NOON, **FACTS | change)

    assert raised.value.message_dict == errors


def test_document_of_every_kind_has_no_limit(draft, omar_officer):
    every = add_slot(draft, actor=omar_officer, at=NOON, **FACTS | {"kinds": list(ContentType.values)})
    some = add_slot(
        draft, actor=omar_officer, at=NOON, **FACTS | {"name": "Data", "kinds": [ContentType.XLSX, ContentType.PDF]}
    )

    assert (every.kinds, some.kinds) == ([], [ContentType.PDF, ContentType.XLSX])
    assert some.kind_words == "PDF, Excel workbook"


def test_document_of_a_published_round_is_refused(omar_officer):
    with refuses("This call is published, so it stays as it is. Take it back to draft first."):
        remove_slot(SlotFactory(round=RoundFactory()), actor=omar_officer, at=NOON)


def test_document_by_a_director_is_refused(draft, dina_director):
    with refuses("Only program officers run funding rounds."):
        add_slot(draft, actor=dina_director, at=NOON, **FACTS)
