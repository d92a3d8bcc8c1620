"""The one engine that moves a record from state to state, by frozen transition tables."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core import checks
from django.db import transaction
from django.utils.module_loading import import_string

from portal import clock
from portal.access import Refused, Verdict, refused
from portal.record import lock
from portal.signals import step_performed

_workflows: dict[str, Workflow] = {}


@dataclass(frozen=True)
class Transition:
    """One step of a workflow.

    `may(subject, user) -> Verdict` says who; `blockers` names a function `(subject) -> list[str]` that says why not
    yet; `effect` names a function `(subject, *, actor, at, comment, **facts)` that runs on the locked row before it is
    saved; `first` names a function `(subject)` that locks what comes before the subject's row in the order of locks.
    All are dotted names, as Django's other lazy references, because tables stand below the domain.
    """

    name: str
    sources: frozenset[str]
    target: str
    label: str
    may: Callable[[Any, Any], Verdict]
    blockers: str = ""
    effect: str = ""
    first: str = ""
    comment_required: bool = False
    consequence: str = ""
    style: str = "primary"
    step_up: bool = False  # the person has to prove again who they are, because money or decisions move
    listed: bool = True  # False: the step needs facts from a form of its own, so no generic button is offered

    @cached_property
    def _blockers(self) -> Callable[[Any], Iterable[str]]:
        return import_string(self.blockers) if self.blockers else lambda subject: ()

    @cached_property
    def _effect(self) -> Callable[..., None]:
        return import_string(self.effect) if self.effect else lambda subject, **facts: None

    @cached_property
    def _first(self) -> Callable[[Any], None]:
        return import_string(self.first) if self.first else lambda subject: None

    def hindrances(self, subject: Any) -> list[str]:
        """Why the step cannot be taken yet, in sentences; empty when nothing stands in the way."""
        return list(self._blockers(subject))


@dataclass(frozen=True)
class Offer:
    """A step as one person meets it now: open when nothing in `reasons` stands against it."""

    step: Transition
    reasons: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        return not self.reasons


def step(name: str, sources: str | Iterable[str], target: str, label: str, may, **rest) -> Transition:
    """A `Transition` whose sources may be given as one state or several."""
    states = frozenset([sources] if isinstance(sources, str) else sources)
    return Transition(name, states, target, label, may, **rest)


@dataclass(frozen=True)
class Workflow:
    """The frozen table of one noun. `noun` is `app.model` in lower case, as the routes and the activity log say it."""

    noun: str
    transitions: tuple[Transition, ...]
    field: str = "state"
    by_name: dict[str, Transition] = dataclasses.field(init=False, compare=False, repr=False)

    def __post_init__(self):
        object.__setattr__(self, "by_name", {each.name: each for each in self.transitions})
        if len(self.by_name) != len(self.transitions):
            raise ValueError(f"Two steps of {self.noun} share a name.")
        _workflows[self.noun] = self

    def offered(self, subject: Any, user: Any) -> list[Offer]:
        """The steps this person might take from here, the blocked ones with their reasons.

        A step that is not theirs at all is left out, so nobody is shown a button that belongs to another role.
        """
        state = getattr(subject, self.field)
        return [
            Offer(each, tuple(each.hindrances(subject)))
            for each in self.transitions
            if state in each.sources and each.listed and each.may(subject, user)
        ]

    def verdict(self, subject: Any, name: str, user: Any) -> Verdict:
        """May this person take the step now: who, then state, then blockers."""
        wanted = self.by_name[name]
        allowed = wanted.may(subject, user)
        if not allowed:
            return allowed
        if getattr(subject, self.field) not in wanted.sources:
            return refused(_wrong_state(subject, wanted, user, self.field))
        reasons = wanted.hindrances(subject)
        return refused(" ".join(reasons)) if reasons else allowed

    def perform(
        self,
        subject: Any,
        name: str,
        *,
        actor: Any,
        at: datetime | None = None,
        comment: str = "",
        version: int | None = None,
        **facts: Any,
    ) -> Any:
        """Take a step: lock (what comes before it, then the row), may, source, blockers, effect, save, activity. Returns the saved row.

        Raises KeyError for an unknown step, `Refused` when it is not permitted or not now, `Stale` when `version`
        is behind, and whatever the effect raises (ValidationError for bad facts).
        """
        wanted = self.by_name[name]
        moment = at or clock.now()
        with transaction.atomic():
            wanted._first(subject)
            row = lock(subject, version=version)
            verdict = self.verdict(row, name, actor)
            if not verdict:
                raise Refused(verdict.reason)
            if wanted.comment_required and not comment.strip():
                raise Refused("Say why: this step needs a written reason.")
            before = getattr(row, self.field)
            setattr(row, self.field, wanted.target)
            row.version += 1
            wanted._effect(row, actor=actor, at=moment, comment=comment.strip(), **facts)
            row.save()
            step_performed.send(
                type(row), subject=row, step=wanted, actor=actor, at=moment, comment=comment.strip(), before=before
            )
        return row


def workflow_of(noun: str) -> Workflow:
    """The table registered for `app.model`; raises KeyError when there is none."""
    return _workflows[noun]


def all_workflows() -> list[Workflow]:
    """Every table that has been loaded, by noun."""
    return [_workflows[noun] for noun in sorted(_workflows)]


def check_workflows(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """System check: every dotted name in every table leads to a function."""
    problems: list[checks.CheckMessage] = []
    for flow in all_workflows():
        for each in flow.transitions:
            for dotted in filter(None, (each.first, each.blockers, each.effect)):
                try:
                    import_string(dotted)
                except ImportError as error:
                    problems.append(checks.Error(f"{flow.noun}: step {each.name}: {error}", id="portal.E001"))
    return problems


def _wrong_state(subject: Any, wanted: Transition, user: Any, state_field: str) -> str:
    return f"“{wanted.label}” is not possible now: {subject} is {subject.told_state(user, state_field).lower()}."
