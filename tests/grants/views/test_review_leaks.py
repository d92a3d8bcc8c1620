"""In a round that is read without names: everything a reviewer can reach is searched for every name of the applicant."""

import io
import re
import zipfile
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import docx
import openpyxl
import pikepdf
import pytest
from django.urls import get_resolver, reverse

from grants import tasks  # noqa: F401 - registers the handler, as a worker does
from grants.domain import content
from grants.domain.reading_copy import ask_for_reading_copy
from grants.enums import ProposalState, ReviewState
from grants.models import Answer, Attachment, Milestone, Proposal, Submission
from portal import clock
from portal.documents.domain import store_upload
from portal.jobs.domain import run
from portal.mail.models import Message
from sites.models import Partner, Seat
from tests.factories.proposals import ProposalFactory
from tests.factories.reviews import REVIEWED_AT, a_review
from tests.factories.rounds import RoundFactory
from tests.factories.sites import PartnerFactory, SchoolFactory, a_site
from tests.grants.views.reviewing import form_of, step_of, url_of
from tests.portal.documents.files import PDF, upload
from tests.portal.pdf.samples import text_of

pytestmark = pytest.mark.django_db

TELLING = (
    "HARBOR-PROMISE and the Quill Foundation (QF) work in Harbor County, MA. Dr. Okafor, miriam@harbor.example, "
    "+1 (617) 555-0142, www.harborpromise.org/plan. Tide Elementary School is named in letter_okafor.pdf."
)
NEVER_LEAVE = "/accounts/logout/"


@pytest.fixture(autouse=True)
def _a_day_later():
    with clock.at(REVIEWED_AT + timedelta(days=1)):
        yield


def a_word_file(text="What the school will do each year.", author="Miriam Okafor"):
    document = docx.Document()
    document.core_properties.author = document.core_properties.last_modified_by = author
    document.core_properties.title = "Harbor Promise: our plan"
    document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def a_workbook():
    book = openpyxl.Workbook()
    book.properties.creator, book.properties.title = "Miriam Okafor", "Harbor Promise"
    book.active.append(["Coaches", 250, 100, 2024])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
def proposal():
    """A proposal whose texts, files and file names are full of its team's names."""
    site = a_site(name="Harbor Promise", place="Harbor County")
    site.story = "Harbor Promise was founded by Dr. Miriam Okafor."
    site.save()
    lead = site.seats.get().holder
    lead.name, lead.email = "Miriam Okafor", "miriam@harbor.example"
    lead.save()
    PartnerFactory(
        site=site, name="Quill Foundation", signatory_name="Ingrid Solberg", signatory_email="i@quill.example"
    )
    SchoolFactory(site=site, name="Tide Elementary School")
    made = ProposalFactory(
        site=site, title="Harbor Promise for All", round=RoundFactory(blind=True), state=ProposalState.IN_REVIEW,
        started_by=lead, submission=False,
    )  # fmt: skip
    for question in made.round.questions.filter(kind="text"):
        Answer.objects.create(proposal=made, question=question, text=TELLING)
    component = content.build(made)["components"][0]["code"]
    Milestone.objects.create(proposal=made, component_id=component, year=1, text=TELLING[:120], measure="Asked of QF.")
    group = f"proposal:{made.reference}"
    files = {
        "letter_okafor.pdf": PDF, "Harbor plan.docx": a_word_file(), "quill.xlsx": a_workbook(),
        "solberg.docx": a_word_file("Signed by Ingrid Solberg."),
    }  # fmt: skip
    for name, held in files.items():
        document = store_upload(upload(held, name), actor=lead, at=REVIEWED_AT, quota_group=group)
        Attachment.objects.create(proposal=made, title=f"Letter of {name}", document=document)
    made = Proposal.objects.select_related("round", "site").get(pk=made.pk)
    frozen = content.build(made)
    Submission.objects.create(
        proposal=made, number=1, at=REVIEWED_AT, by=lead, content=frozen, sha256=content.digest(frozen), key="one"
    )
    return made


def names_of(proposal):
    """Everything that tells who applies, in small letters."""
    site = proposal.site
    found = {site.name, site.place, site.reference, proposal.title, "Okafor", "quill", "harborpromise.org", "555-0142"}
    for partner in Partner.objects.filter(site=site):
        found |= {partner.name, partner.signatory_name, partner.signatory_email, partner.ein, partner.shown_ein}
        found |= {partner.uei, partner.leaid}
    for seat in Seat.objects.filter(site=site):
        found |= {seat.holder.name, seat.holder.email}
    found |= set(site.schools.values_list("name", flat=True))
    found |= {
        name for each in Attachment.objects.filter(proposal=proposal) for name in (each.title, each.document.name)
    }
    return sorted(name.lower() for name in found if name)


def read(body: bytes) -> str:
    """What a response says, also inside of PDFs and office files, with what they know about themselves."""
    if body.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(body)) as pdf:
            about = [str(pdf.docinfo), *(str(each) for each in pdf.attachments)]
            with pdf.open_metadata() as metadata:
                about.append(str(metadata))
        return " ".join([text_of(body), *about])
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return " ".join(f"{each} {archive.read(each).decode()}" for each in archive.namelist())
    return body.decode()


def reached(client, start):
    """Every response behind the links from these pages, the pages themselves first, as (address, what it says)."""
    waiting, seen = list(start), set()
    while waiting:
        address = waiting.pop(0)
        if address in seen or address.startswith((NEVER_LEAVE, "/static/")):
            continue
        seen.add(address)
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        said = read(body)
        yield address, f"{dict(response.headers)} {said}"
        if response.headers.get("Content-Type", "").startswith("text/html"):
            links = re.findall(r'(?:href|src|action|hx-get)="([^"#]+)', said)
            links += [response.headers["Location"]] if "Location" in response.headers else []
            waiting += [urljoin(address, each.replace("&amp;", "&")) for each in links if not urlsplit(each).netloc]


def leaks(pages, names):
    """Which name stands where."""
    return [(address, name) for address, said in pages for name in names if name in " ".join(said.lower().split())]


def addresses_about(proposal):
    """Every address of the portal that can be made of what this proposal and its site are called."""
    site = proposal.site
    known = {
        "key": "need", "number": 1, "step": "withdraw", "proposal": proposal.reference, "partner": site.partners.first().public_id,
        "document": Attachment.objects.filter(proposal=proposal).values_list("document", flat=True).first(),
    }  # fmt: skip
    for app in ("grants", "sites"):
        for pattern in get_resolver(f"{app}.urls").url_patterns:
            needed = set(pattern.pattern.converters)
            for reference in (proposal.reference, site.reference) if "reference" in needed else ("",):
                values = known | {"reference": reference}
                if needed <= set(values):
                    yield reverse(f"{app}:{pattern.name}", kwargs={each: values[each] for each in needed})


@pytest.fixture
def review(proposal, rita_reviewer):
    return a_review(proposal, rita_reviewer, state=ReviewState.IN_PROGRESS)


def test_blind_reviewer_reaches_no_name_of_the_applicant(client, proposal, review, rita_reviewer):
    unread = ProposalFactory(
        site=a_site(name="Marlow Alliance", place="Marlow"), round=proposal.round, state=ProposalState.IN_REVIEW
    )
    asked = a_review(unread, rita_reviewer, state=ReviewState.ASSIGNED)
    job = run(str(ask_for_reading_copy(review, actor=rita_reviewer).pk))
    client.force_login(rita_reviewer)
    start = [
        reverse("portal:home"), url_of(review), url_of(asked), step_of(review, "recuse"), step_of(review, "submit"),
        job.get_absolute_url(), job.result_url, *addresses_about(proposal),
    ]  # fmt: skip

    pages = list(reached(client, start))

    answers = [
        client.post(url_of(review, "review-save"), form_of(review, points=9)),
        client.post(url_of(review, "review-save"), form_of(review, editor="other", version=99)),
        client.post(url_of(asked, "review-save"), form_of(asked)),
        client.post(step_of(review, "recuse"), {"version": 99, "comment": "x"}),
    ]
    pages += [(f"POST {number}", answer.content.decode()) for number, answer in enumerate(answers)]
    mails = Message.objects.filter(to=rita_reviewer.email)
    pages += [(f"mail {each.template}", f"{each.subject} {each.text} {each.html}") for each in mails]
    assert job.state == "done"
    addresses = [address for address, _ in pages]
    assert job.result_url in addresses
    files = [said for address, said in pages if "/files/" in address and "attachment; filename" in said]
    assert len(files) == 2
    assert leaks(pages, [*names_of(proposal), *names_of(unread)]) == []


def test_search_for_leaks_finds_a_template_that_tells(client, proposal, review, rita_reviewer, settings, tmp_path):
    page = (settings.BASE_DIR / "templates/grants/review/write.html").read_text()
    copy = tmp_path / "grants" / "review" / "write.html"
    copy.parent.mkdir(parents=True)
    copy.write_text(page.replace("{% block content %}", "{% block content %}<!-- {{ proposal.site }} -->"))
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [tmp_path, *engine["DIRS"]]}]
    client.force_login(rita_reviewer)

    found = leaks([next(reached(client, [url_of(review)]))], names_of(proposal))

    assert (url_of(review), "harbor promise") in found
