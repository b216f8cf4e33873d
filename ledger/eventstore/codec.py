"""How events and states are written down, and read again for ever.

Owns: the JSON form of events and snapshots, and upcasting of old versions on reading.
Refuses to know: where the bytes are kept.

The form is plain JSON that can be read in psql: integers for money, ISO text for dates, text for
identifiers. Upcasting is the library's convention: an event class with ``class_version`` N has
static methods ``upcast_v1_v2`` .. that change the decoded dictionary in place.
"""

from __future__ import annotations

from typing import Any

import msgspec
from eventsourcing.persistence import Mapper, StoredEvent, Transcoder
from eventsourcing.utils import resolve_topic

from ledger.kernel.aggregate import Aggregate, DomainEvent

_READERS: dict[type[Any], msgspec.json.Decoder[Any]] = {}
ENVELOPE = ("originator_id", "originator_version", "effective_date")


class EventVersionUnknown(ValueError):
    """An event was stored by a later release; reading it as an earlier version would lose what it says."""


class JsonTranscoder(Transcoder):
    """Plain JSON by msgspec; dates and identifiers become text."""

    def encode(self, obj: Any) -> bytes:
        """Return the JSON of an event's payload."""
        return msgspec.json.encode(obj)

    def decode(self, data: bytes) -> Any:
        """Return the JSON values that were stored; typed fields are restored by the mapper."""
        return msgspec.json.decode(data)


class EventMapper(Mapper[Any]):
    """The library's mapper, with typed payloads instead of type tags inside the JSON."""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """Return the event in the form in which it is stored."""
        payload = dict(vars(domain_event))
        originator_id = payload.pop("originator_id")
        version = payload.pop("originator_version")
        if domain_event.class_version > 1:
            payload["class_version"] = domain_event.class_version
        return StoredEvent(originator_id, version, domain_event.TOPIC, self.transcoder.encode(payload))

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEvent:
        """Return the event as its class, brought up to the class's present version."""
        return build_event(
            stored_event.topic,
            stored_event.originator_id,
            stored_event.originator_version,
            self.transcoder.decode(stored_event.state),
        )


def build_event(topic: str, originator_id: Any, version: int, payload: dict[str, Any]) -> DomainEvent:
    """Return the typed event for a decoded payload (which includes ``effective_date``).

    Unknown topics raise the library's TopicError, versions of later releases EventVersionUnknown; a payload
    that does not fit raises msgspec's error.
    """
    cls: type[DomainEvent] = resolve_topic(topic)
    stored_version = payload.pop("class_version", 1)
    if stored_version > cls.class_version:
        raise EventVersionUnknown(f"{topic} is read up to version {cls.class_version}, not {stored_version}")
    while stored_version < cls.class_version:
        getattr(cls, f"upcast_v{stored_version}_v{stored_version + 1}")(payload)
        stored_version += 1
    payload["originator_id"] = originator_id
    payload["originator_version"] = version
    return msgspec.convert(payload, cls)


def schema_version(cls: type[Aggregate[Any]]) -> int:
    """Return the version of the aggregate's state; a snapshot of another version is not used."""
    return getattr(cls.State, "schema_version", 1)


def state_to_json(aggregate: Aggregate[Any]) -> Any:
    """Return an aggregate's state as JSON values."""
    return msgspec.to_builtins(aggregate.state)


def restore(cls: type[Aggregate[Any]], originator_id: Any, version: int, state: Any) -> Aggregate[Any]:
    """Return the aggregate that a snapshot holds."""
    return cls.restore(originator_id, version, msgspec.convert(state, cls.State))


def restore_text(cls: type[Aggregate[Any]], originator_id: Any, version: int, text: str) -> Aggregate[Any]:
    """Return the aggregate that a snapshot holds as JSON text; read in one pass, for states may be long."""
    reader = _READERS.get(cls.State)
    if reader is None:
        reader = _READERS[cls.State] = msgspec.json.Decoder(cls.State)
    return cls.restore(originator_id, version, reader.decode(text))


MAPPER = EventMapper(transcoder=JsonTranscoder())
