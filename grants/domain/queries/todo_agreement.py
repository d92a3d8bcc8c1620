"""What agreements ask of a person: the officer to write, send and mend them, a director to sign for the foundation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from grants.enums import AgreementState, AwardState, SignOffState
from grants.models import Agreement, AgreementSignature, Award
from portal.accounts.enums import Role
from portal.money import dollars
from portal.todo import Todo, provides_todos

MOST = 50


@provides_todos
def agreements_to_write(user: Any, at: datetime) -> Iterator[Todo]:
    """Offered awards without an agreement, drafts to send out, and agreements a partner declined: for every officer."""
    if Role.OFFICER not in user.roles:
        return
    live = Agreement.objects.filter(award=OuterRef("pk")).exclude(state=AgreementState.REPLACED)
    bare = Award.objects.filter(~Exists(live), state=AwardState.OFFERED).select_related("site")
    for award in bare.order_by("offered_at", "pk")[:MOST]:
        yield _todo("Write the agreement", award)
    yield from _todos("Send out the agreement", Q(state=AgreementState.DRAFT))
    standing = AgreementSignature.objects.filter(
        agreement=OuterRef("agreement"), partner=OuterRef("partner"),
        state__in=[SignOffState.REQUESTED, SignOffState.SIGNED],
    )  # fmt: skip
    declined = AgreementSignature.objects.filter(
        ~Exists(standing), agreement=OuterRef("pk"), state=SignOffState.DECLINED
    )
    yield from _todos("A partner declined the agreement", Q(Exists(declined), state=AgreementState.OUT))


@provides_todos
def agreements_to_sign(user: Any, at: datetime) -> Iterator[Todo]:
    """Agreements every partner has signed: for each director who neither wrote nor sent them."""
    if Role.DIRECTOR not in user.roles:
        return
    yield from _todos(
        "Sign the agreement for the foundation",
        Q(state=AgreementState.SIGNED) & ~Q(sent_by=user) & ~Q(made_by=user),
    )


def _todos(text: str, wanted: Q) -> Iterator[Todo]:
    rows = Agreement.objects.filter(wanted).select_related("award__site").order_by("pk")
    for agreement in rows[:MOST]:
        yield _todo(text, agreement.award)


def _todo(text: str, award: Award) -> Todo:
    return Todo(
        text, reverse("grants:agreement-detail", args=[award.reference]), f"{award.site}, {dollars(award.amount)}"
    )
