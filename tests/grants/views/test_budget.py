"""The page of the budget: typed values kept, refusals in words, live totals, two people at once."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from grants.enums import BudgetCategory, ProposalState
from grants.models import BudgetLine, MatchLine, Proposal
from portal import clock
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
PAGE_A, PAGE_B = "a" * 32, "b" * 32


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def proposal(ana_applicant, ben_colleague, sam_stranger):
    return ProposalFactory(site=a_site(ana_applicant, finance=[ben_colleague], viewers=[sam_stranger]))


def page(proposal):
    return reverse("grants:proposal-budget", args=[proposal.reference])


def typed(version=0, editor=PAGE_A, **boxes):
    """`coherence_personnel_2="$1"` is the box of that component, category and year."""
    cells = {name.replace("_", "-"): text for name, text in boxes.items()}
    return cells | {"version": version, "editor": editor}


def text_of(response):
    return " ".join(response.content.decode().split())


def test_budget_saved_takes_what_people_type(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(
        page(proposal),
        typed(coherence_personnel_1="$1,000.50", coherence_travel_1="200", partnerships_learning_5=" 3000.00 "),
    )

    assert response.url == reverse("grants:proposal-section", args=[proposal.reference, "sustainability"])
    assert Proposal.objects.get(pk=proposal.pk).amount_requested == 4200.50
    text = text_of(client.get(page(proposal)))
    assert 'name="coherence-personnel-1" value="1,000.50"' in text
    assert 'name="partnerships-learning-5" value="3,000"' in text


def test_budget_over_the_ceiling_is_refused_in_words_with_everything_kept(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(page(proposal), typed(coherence_personnel_2="$250,000.01", coherence_travel_1="5"))

    text = text_of(response)
    assert response.status_code == 422
    assert "Year 2 is $250,000.01: $0.01 over the yearly ceiling of $250,000." in text
    assert '<a href="#sum_year_2">' in text
    assert 'name="coherence-personnel-2" value="$250,000.01"' in text
    assert 'id="sum_year_2"' in text
    assert (BudgetLine.objects.count(), Proposal.objects.get().amount_requested) == (0, 0)


@pytest.mark.parametrize("text", ["12a", "-5", "1,00", "$", "1e5", "0.001"])
def test_budget_with_something_else_than_an_amount_is_refused_beside_the_box(text, client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(page(proposal), typed(coherence_personnel_2=text))

    shown = text_of(response)
    assert response.status_code == 422
    assert f'value="{text}"' in shown
    assert 'id="id_coherence-personnel-2_error"' in shown
    assert '<a href="#id_coherence-personnel-2">' in shown


def test_budget_page_counts_while_typing_against_the_rounds_ceilings(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    text = text_of(client.get(page(proposal)))

    assert 'data-sum-of="year_3" data-ceiling="250000.00"' in text
    assert 'data-sum-of="total" data-ceiling="1250000.00"' in text
    assert 'data-sum-group="coherence-3 year_3 coherence total"' in text
    assert text.count(" year_") == 3 * len(BudgetCategory) * 5
    assert 'data-sum-group="match-3 match match-row-1"' in text


def test_budget_ignores_boxes_that_do_not_exist(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    client.post(page(proposal), typed(coherence_personnel_6="5", invented_personnel_1="5", amount_requested="99"))

    assert (BudgetLine.objects.count(), Proposal.objects.get().amount_requested) == (0, 0)


def test_budget_autosaved_answers_with_the_outcome(client, proposal, ana_applicant):
    client.force_login(ana_applicant)
    headers = {"HX-Request": "true"}

    saved = client.post(page(proposal), typed(coherence_personnel_1="5"), headers=headers)
    over = client.post(page(proposal), typed(coherence_personnel_1="250001", version=1), headers=headers)

    assert "Saved <time" in text_of(saved)
    sentence = "Not saved. Year 1 is $250,001: $1 over the yearly ceiling of $250,000."
    assert (over.status_code, sentence in text_of(over)) == (422, True)
    assert BudgetLine.objects.get().amount == 5


def test_budget_conflict_shows_the_amounts_that_differ(client, proposal, ana_applicant, ben_colleague):
    client.force_login(ben_colleague)
    client.post(page(proposal), typed(coherence_personnel_1="10", coherence_travel_1="7", editor=PAGE_B))
    client.force_login(ana_applicant)

    response = client.post(page(proposal), typed(coherence_personnel_1="20", coherence_travel_1="7"))

    assert response.status_code == 409
    differing = [(category, year, saved, mine) for _, category, year, saved, mine in response.context["theirs"]]
    assert differing == [("Salaries and benefits", 1, 10, 20)]
    assert 'name="coherence-personnel-1" value="20"' in text_of(response)
    assert BudgetLine.objects.get(category="personnel").amount == 10

    version = response.context["version"]
    client.post(page(proposal), typed(coherence_personnel_1="20", coherence_travel_1="7", version=version))
    assert BudgetLine.objects.get(category="personnel").amount == 20


def test_budget_is_open_to_a_finance_seat_and_closed_to_a_viewers(client, proposal, ben_colleague, sam_stranger):
    client.force_login(ben_colleague)
    assert client.get(page(proposal)).status_code == 200
    client.force_login(sam_stranger)
    assert client.get(page(proposal)).url.endswith("/read/#content-budget")
    assert client.post(page(proposal), typed(coherence_personnel_1="5")).status_code == 403


def test_budget_of_a_proposal_in_review_is_refused_with_everything_kept(client, ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant), state=ProposalState.IN_REVIEW)
    client.force_login(ana_applicant)

    response = client.post(page(proposal), typed(coherence_personnel_1="5"))

    assert (response.status_code, 'value="5"' in text_of(response)) == (409, True)
    assert "The foundation is working on this proposal now" in text_of(response)


@pytest.mark.parametrize("lines", [1, 30])
def test_budget_costs_at_most_twelve_queries(lines, client, proposal, ana_applicant, django_assert_max_num_queries):
    places = [(category, year) for category in BudgetCategory.values for year in range(1, 6)]
    for category, year in places[:lines]:
        BudgetLine.objects.create(proposal=proposal, component_id="coherence", category=category, year=year, amount=1)
    client.force_login(ana_applicant)
    client.get(page(proposal))

    with django_assert_max_num_queries(12):
        client.get(page(proposal))


# --- justifications, match, what is no amount, spreadsheets ---

HTMX = {"HX-Request": "true"}


def match(number=1, partner="Harbor Fund", kind="cash", what="Family evenings", **years):
    """The boxes of one row; `y1="5"` is its amount in year 1."""
    boxes = {"partner": partner, "kind": kind, "what": what} | {name[1:]: text for name, text in years.items()}
    return {f"match-{number}-{name}": text for name, text in boxes.items()} | {"match-rows": str(number)}


def test_budget_page_saves_why_and_match_and_shows_them_where_it_is_read(client, proposal, ana_applicant):
    client.force_login(ana_applicant)
    boxes = typed(coherence_personnel_1="12,000") | {"coherence-personnel-note": "A coordinator & a desk."}

    client.post(page(proposal), boxes | match(y1="$500", y5="1"))

    text = text_of(client.get(page(proposal)))
    assert ">A coordinator &amp; a desk.</textarea>" in text
    assert 'name="match-1-1" value="500"' in text
    read = text_of(client.get(reverse("grants:proposal-content", args=[proposal.reference])))
    assert "A coordinator &amp; a desk." in read
    assert "What the partners give besides" in read
    assert "Money $501 · In kind $0" in read
    assert Proposal.objects.get(pk=proposal.pk).amount_requested == 12000


def test_autosave_keeps_what_is_no_amount_as_typed_and_saves_the_rest(client, proposal, ana_applicant):
    client.force_login(ana_applicant)
    client.post(page(proposal), typed(coherence_travel_1="70"))
    boxes = typed(1, coherence_travel_1="7o", coherence_personnel_1="5") | {"coherence-travel-note": "Visits"}

    answer = client.post(page(proposal), boxes | match(y1="", what=""), headers=HTMX)

    sentence = (
        "Not saved. Coherence, Travel and meetings, year 1: Enter an amount in dollars, such as 250,000 or 250000.00. "
        "What you typed is kept on this page, and everything else is saved."
    )
    assert (answer.status_code, sentence in text_of(answer), 'name="version" value="2"' in text_of(answer)) == (
        422,
        True,
        True,
    )
    assert dict(BudgetLine.objects.values_list("category", "amount")) == {"travel": 70, "personnel": 5}
    text = text_of(client.get(page(proposal)))
    assert 'name="coherence-travel-1" value="7o"' in text
    assert ">Visits</textarea>" in text
    assert 'name="match-1-partner" value="Harbor Fund"' in text
    assert "Say what it is." in text


def test_autosave_over_a_ceiling_keeps_the_amounts_as_typed_and_the_saved_ones_in_the_budget(
    client, proposal, ana_applicant
):
    client.force_login(ana_applicant)
    client.post(page(proposal), typed(coherence_personnel_1="5"))
    boxes = typed(1, coherence_personnel_1="250001") | {"coherence-personnel-note": "Two desks"}

    client.post(page(proposal), boxes, headers=HTMX)

    text = text_of(client.get(page(proposal)))
    assert ('name="coherence-personnel-1" value="250001"' in text, ">Two desks</textarea>" in text) == (True, True)
    assert BudgetLine.objects.get().amount == 5
    client.post(page(proposal), typed(2, coherence_personnel_1="25") | {"coherence-personnel-note": "Two desks"})
    assert 'value="250001"' not in text_of(client.get(page(proposal)))
    assert BudgetLine.objects.get().amount == 25


def test_rows_of_the_match_are_added_without_scripts_and_nothing_is_saved(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(page(proposal), typed(coherence_travel_1="x") | match(y1="1") | {"more": "1"})

    assert (response.status_code, len(response.context["sheet"].match.rows)) == (200, 4)
    assert 'name="coherence-travel-1" value="x"' in text_of(response)
    assert MatchLine.objects.count() == 0


@pytest.mark.parametrize(
    ("row", "target", "sentence"),
    [
        ({"partner": "", "y1": "5"}, "match-1-partner", "Say who gives this."),
        ({"what": "", "y1": "5"}, "match-1-what", "Say what it is."),
        ({}, "match-1-1", "Enter what it is worth in at least one year."),
        ({"y2": "lots"}, "match-1-2", "Enter an amount in dollars, such as 250,000 or 250000.00."),
        ({"what": "x" * 201, "y1": "5"}, "match-1-what", "Shorten this to 200 characters."),
    ],
)
def test_match_that_is_not_whole_is_refused_beside_its_box(row, target, sentence, client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(page(proposal), typed() | match(**row))

    text = text_of(response)
    assert (response.status_code, sentence in text, MatchLine.objects.count()) == (422, True, 0)
    assert f'<a href="#id_{target}">' in text
    assert f'id="id_{target}_error"' in text


def test_budget_conflict_shows_justifications_and_match_that_differ(client, proposal, ana_applicant, ben_colleague):
    client.force_login(ben_colleague)
    client.post(page(proposal), typed(editor=PAGE_B) | {"coherence-travel-note": "Theirs"} | match(y1="5"))
    client.force_login(ana_applicant)

    response = client.post(page(proposal), typed() | {"coherence-travel-note": "Mine"})

    assert response.status_code == 409
    assert [(saved, mine) for _, _, saved, mine in response.context["their_notes"]] == [("Theirs", "Mine")]
    assert "Harbor Fund: Family evenings, $5" in text_of(response)


def import_page(proposal):
    return reverse("grants:budget-import", args=[proposal.reference])


def test_sheet_downloaded_filled_in_and_sent_back_fills_the_boxes_and_saves_nothing(client, proposal, ana_applicant):
    client.force_login(ana_applicant)
    boxes = typed(coherence_personnel_1="1,000.50") | {"coherence-personnel-note": "=1+1 desks"}
    client.post(page(proposal), boxes | match(y2="70"))
    sheet = client.get(reverse("grants:budget-template", args=[proposal.reference]))
    book = load_workbook(io.BytesIO(sheet.content))
    row = next(
        row
        for row in book["Budget"].iter_rows()
        if row[0].value.startswith("District and School") and row[1].value == "Travel and meetings"
    )
    row[4].value = 2500.5
    assert {cell.data_type for each in book for line in each.iter_rows() for cell in line if cell.value} == {"s", "n"}
    file = io.BytesIO()
    book.save(file)
    book.close()

    upload = SimpleUploadedFile("budget.xlsx", file.getvalue())
    response = client.post(import_page(proposal), {"files": upload})

    text = text_of(response)
    assert (response.status_code, response.context["unused"]) == (200, [])
    assert 'name="coherence-travel-3" value="2500.50"' in text
    assert 'name="coherence-personnel-1" value="1000.50"' in text
    assert ">=1+1 desks</textarea>" in text
    assert 'name="match-1-2" value="70"' in text
    assert f'action="{page(proposal)}"' in text
    assert list(BudgetLine.objects.values_list("category", flat=True)) == ["personnel"]


def test_paste_of_a_whole_budget_finds_its_lines_and_leaves_totals_out(client, proposal, ana_applicant):
    client.force_login(ana_applicant)
    paste = """Our plan\tY1\tY2\tY3\tY4\tY5
Collaboration
Salaries and benefits\t$1,000\t2,000\t-\t\t5
Catering\t10\t10\t10\t10\t10
Subtotal\t1,000\t2,000\t0\t0\t5
Family and Community Partnerships\t7\t7\t7\t7\t7
Travel and meetings\t7\t7\t7\t7\tseven
Total\t1,007\t2,007\t7\t7\t12
"""
    response = client.post(import_page(proposal), {"paste": paste})

    sheet = response.context["sheet"]
    assert {place: text for place, text in sheet.texts.items() if text} == {
        ("collaboration", "personnel", 1): "$1,000", ("collaboration", "personnel", 2): "2,000",
        ("collaboration", "personnel", 5): "5", ("partnerships", "travel", 1): "7", ("partnerships", "travel", 2): "7",
        ("partnerships", "travel", 3): "7", ("partnerships", "travel", 4): "7", ("partnerships", "travel", 5): "seven",
    }  # fmt: skip
    assert response.context["unused"] == ["Line 4: “Catering” is not used; it is no line of this budget."]
    assert 'id="id_partnerships-travel-5_error"' in text_of(response)
    assert BudgetLine.objects.count() == 0


@pytest.mark.parametrize(
    ("line", "amounts"),
    [
        ("Coherence\tTravel and meetings\t\t6\t\t8", {2: "6", 4: "8"}),
        ("Coherence\tTravel and meetings\t\t1\t2\t3\t4\t5", {1: "1", 2: "2", 3: "3", 4: "4", 5: "5"}),
        ("Coherence\tTravel and meetings\t1.5\t\t\t\t$7,000.25", {1: "1.50", 5: "$7,000.25"}),
    ],
)
def test_line_without_heads_puts_nothing_into_another_year(line, amounts, client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(import_page(proposal), {"paste": line})

    texts = response.context["sheet"].texts
    assert {year: text for (_, _, year), text in texts.items() if text} == amounts


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("b.pdf", b"%PDF-1.7", "b.pdf is no table we can read. Save it as Excel workbook (.xlsx) or as CSV."),
        ("b.xlsx", b"PK\x03\x04", "b.xlsx: This file"),
        ("b.csv", b"1,2\n3,4\n", "No line of the budget was found. Put what each line pays for in its first cells."),
    ],
)
def test_file_that_is_no_budget_is_refused_in_words(name, content, sentence, client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(import_page(proposal), {"files": SimpleUploadedFile(name, content)})

    assert (response.status_code, sentence in text_of(response)) == (422, True)


def test_nothing_sent_is_refused_in_words(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(import_page(proposal))

    assert (response.status_code, "Choose a file, or paste your lines." in text_of(response)) == (422, True)


def test_budget_that_comes_back_refused_goes_on_counting_its_saves(client, proposal, ana_applicant):
    client.force_login(ana_applicant)

    response = client.post(page(proposal), typed(coherence_personnel_1="many", turn=7))

    # From 0 on, the next saves of this page would be taken for ones that come late, and be left out.
    assert response.status_code == 422
    assert 'name="turn" value="7"' in text_of(response)
