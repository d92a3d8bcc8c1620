"""Makes funding rounds: open at `NOON`, with the core questions and a rubric."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory

from grants.domain.core_questions import core_rows
from grants.enums import QuestionKind, RoundState, Section
from grants.models import AttachmentSlot, Criterion, FundingRound, Question
from portal.activity.domain import allocate
from tests.factories.accounts import UserFactory

ANCHORS = {"1": "Hardly answered.", "3": "Answered, with gaps.", "5": "Answered fully and convincingly."}


class CriterionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Criterion

    name = factory.Sequence(lambda n: f"Criterion {n}")
    description = "How well the proposal answers this."
    weight = 1
    anchors = factory.LazyFunction(lambda: dict(ANCHORS))
    position = factory.Sequence(lambda n: n % 30000 + 1)


class QuestionFactory(factory.django.DjangoModelFactory):
    """A question of the round's own, with a word limit of 100."""

    class Meta:
        model = Question

    key = factory.Sequence(lambda n: f"own-{n}")
    section = Section.ROUND
    kind = QuestionKind.TEXT
    prompt = factory.Sequence(lambda n: f"What else should we know, part {n}?")
    word_limit = 100
    position = factory.Sequence(lambda n: n % 30000 + 100)


class SlotFactory(factory.django.DjangoModelFactory):
    """A required document of any kind."""

    class Meta:
        model = AttachmentSlot

    name = factory.Sequence(lambda n: f"Letter of commitment {n}")
    help = "One page, signed by the superintendent."
    position = factory.Sequence(lambda n: n % 30000 + 1)


class RoundFactory(factory.django.DjangoModelFactory):
    """A published round that is open from 1 September to 30 October 2026, 5:00 pm Eastern.

    Comes with the core questions and three criteria; `core=False`, `criteria=0` leave them out.
    """

    class Meta:
        model = FundingRound
        skip_postgeneration_save = True

    reference = factory.LazyFunction(lambda: allocate("R", 2026))
    name = factory.Sequence(lambda n: f"Closing the Gaps {2027 + n % 900}")
    summary = "Five-year grants for coalitions that close achievement gaps."
    guidelines = "Tell us what you plan in plain words."
    state = RoundState.PUBLISHED
    time_zone = "America/New_York"
    opens_at = datetime(2026, 9, 1, 13, 0, tzinfo=UTC)
    closes_at = datetime(2026, 10, 30, 21, 0, tzinfo=UTC)
    decision_by = date(2027, 3, 1)
    first_year_starts_on = date(2027, 7, 1)
    envelope = Decimal("7500000.00")
    created_by = factory.SubFactory(UserFactory)
    published_at = factory.Maybe(
        factory.LazyAttribute(lambda self: self.state != RoundState.DRAFT),
        yes_declaration=datetime(2026, 8, 20, 13, 0, tzinfo=UTC),
        no_declaration=None,
    )
    decided_at = factory.Maybe(
        factory.LazyAttribute(lambda self: self.state == RoundState.DECIDED),
        yes_declaration=datetime(2027, 3, 1, 13, 0, tzinfo=UTC),
        no_declaration=None,
    )

    @factory.post_generation
    def core(self, create, extracted, **kwargs):
        if extracted is not False:
            Question.objects.bulk_create(core_rows(self))

    @factory.post_generation
    def criteria(self, create, extracted, **kwargs):
        for number in range(1, (3 if extracted is None else extracted) + 1):
            CriterionFactory(round=self, name=f"Criterion {number}", weight=number, position=number)
