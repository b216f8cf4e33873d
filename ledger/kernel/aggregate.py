"""The shape every aggregate and every event of the product shares.

Owns: how an event is triggered, applied and identified by a short topic that never changes.
Refuses to know: the clock (no event carries a machine's time), the database, and how events are encoded.
Built on the eventsourcing library's ``BaseAggregate`` and ``CanMutateAggregate``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar, Generic, Self, TypeVar
from uuid import UUID

from eventsourcing.domain import (
    BaseAggregate,
    CanMutateAggregate,
    MetaDomainEvent,
    OriginatorIDError,
    OriginatorVersionError,
)
from eventsourcing.utils import register_topic

StateT = TypeVar("StateT")

AGGREGATES: dict[str, type[Aggregate[Any]]] = {}
EVENTS: dict[str, type[DomainEvent]] = {}


class DomainEvent(CanMutateAggregate[UUID], metaclass=MetaDomainEvent):
    """A frozen fact about one aggregate, true for the lender on ``effective_date``.

    Fields after the first three are the payload: integers (minor units, scaled rates), strings,
    booleans, dates, UUIDs, and tuples or dataclasses of those.
    """

    TOPIC: ClassVar[str]
    class_version: ClassVar[int] = 1
    aggregate_class: ClassVar[type[Aggregate[Any]]]

    originator_id: UUID
    originator_version: int
    effective_date: date

    def mutate(self, aggregate: Any) -> Any:
        """Return the aggregate one version further; the first event of a stream creates it."""
        if aggregate is None:
            aggregate = self.aggregate_class.blank(self.originator_id)
        if self.originator_id != aggregate.id:
            raise OriginatorIDError(self.originator_id, aggregate.id)
        if self.originator_version != aggregate.version + 1:
            raise OriginatorVersionError(self.originator_version, aggregate.version + 1)
        self.apply(aggregate.state)
        aggregate.version = self.originator_version
        return aggregate

    def apply(self, state: Any) -> None:
        """Change the aggregate's state to what it is after this fact."""
        raise NotImplementedError(type(self).__name__)


class Aggregate(BaseAggregate[UUID], Generic[StateT]):
    """A consistency boundary: a stream of events and the state they fold into.

    ``hot`` aggregates are read and written under a lock on their head row; others are written
    optimistically and the version number in the primary key refuses a lost update. Of a long stream the state is
    kept after each so many events (``snapshot_every``), so that reading it does not take longer with its age.
    """

    STREAM: ClassVar[str]
    State: ClassVar[type[Any]]
    hot: ClassVar[bool] = False
    snapshot_every: ClassVar[int | None] = None

    state: StateT

    @classmethod
    def blank(cls, aggregate_id: UUID) -> Self:
        """Return the aggregate as it is before its first event (version 0)."""
        return cls.restore(aggregate_id, 0, cls.State())

    @classmethod
    def restore(cls, aggregate_id: UUID, version: int, state: Any) -> Self:
        """Return the aggregate at ``version`` with a state that was folded earlier."""
        aggregate = cls.__new__(cls)
        aggregate._id = aggregate_id  # noqa: SLF001
        aggregate._version = version  # noqa: SLF001
        aggregate._pending_events = []  # noqa: SLF001
        aggregate.state = state
        return aggregate

    def trigger(self, event_class: type[DomainEvent], *, effective_date: date, **payload: Any) -> None:
        """Record a new fact: build the event, apply it, keep it until it is collected."""
        build: Callable[..., DomainEvent] = event_class
        event = build(
            originator_id=self._id,
            originator_version=self._version + 1,
            effective_date=effective_date,
            **payload,
        )
        event.mutate(self)
        self._pending_events.append(event)

    def copy(self) -> Self:
        """Return an independent aggregate with the same state and no pending events."""
        state = dataclasses.replace(self.state)  # type: ignore[type-var]
        return self.restore(self._id, self._version, state)


def aggregate_stream(name: str) -> Any:
    """Class decorator: register the aggregate under a stream name that is never reused."""

    def register(cls: type[Aggregate[Any]]) -> type[Aggregate[Any]]:
        cls.STREAM = name
        AGGREGATES[name] = cls
        return cls

    return register


def event_of(aggregate_class: type[Aggregate[Any]], topic: str) -> Any:
    """Class decorator: bind an event to its aggregate under a topic that is never reused."""

    def register(cls: type[DomainEvent]) -> type[DomainEvent]:
        if topic in EVENTS:
            raise ValueError(f"topic {topic} is already taken by {EVENTS[topic].__name__}")
        cls.TOPIC = topic
        cls.aggregate_class = aggregate_class
        EVENTS[topic] = cls
        register_topic(topic, cls)
        return cls

    return register
