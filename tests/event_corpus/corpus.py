"""The frozen corpus: stored events of every version ever released, and whole streams with their states.

Owns: the form of its files and writing those that are missing. A file that is there is never written
again: what was stored once has to be readable for ever. Run ``python -m tests.event_corpus.corpus`` after
adding a kind of event or a version of one.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from ledger.eventstore.codec import MAPPER
from ledger.kernel.aggregate import Aggregate, DomainEvent
from tests.event_corpus.complete_lives import LIVES

HERE = Path(__file__).parent
TOPICS = HERE / "topics"
STREAMS = HERE / "streams"


def described(value: Any) -> Any:
    """Return a value as JSON that still tells a date from a text, whatever its class is called."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: described(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return {"enum": value.value}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, UUID):
        return {"uuid": str(value)}
    if isinstance(value, (tuple, list)):
        return [described(item) for item in value]
    if isinstance(value, dict):
        return {"map": {str(key): described(item) for key, item in value.items()}}
    assert value is None or type(value) in (int, str, bool), f"{value!r} has no place in an event or a state"
    return value


def stored_form(event: DomainEvent) -> dict[str, Any]:
    """Return an event exactly as its table holds it."""
    stored = MAPPER.to_stored_event(event)
    return {
        "topic": stored.topic,
        "originator_id": str(stored.originator_id),
        "originator_version": stored.originator_version,
        "state": json.loads(stored.state),
    }


def read_event(stored: dict[str, Any]) -> DomainEvent:
    """Return the event of a stored form, as the product reads it today."""
    return MAPPER.to_domain_event(
        StoredEvent(
            UUID(stored["originator_id"]),
            stored["originator_version"],
            stored["topic"],
            json.dumps(stored["state"]).encode(),
        )
    )


def topic_file(topic: str, version: int) -> Path:
    return TOPICS / f"{topic}.v{version}.json"


def write_missing() -> Iterator[Path]:
    """Write the files that are missing, from the lives as they are told today."""
    for name, live in LIVES.items():
        aggregate = live()
        for event in aggregate.pending_events:
            path = topic_file(event.TOPIC, event.class_version)
            content = {"stored": stored_form(event), "means": described(event)}
            yield from _write(path, content)
        yield from _write(STREAMS / f"{name}.json", _stream(aggregate))


def _stream(aggregate: Aggregate[Any]) -> dict[str, Any]:
    return {
        "stream": aggregate.STREAM,
        "events": [stored_form(event) for event in aggregate.pending_events],
        "state": described(aggregate.state),
    }


def _write(path: Path, content: dict[str, Any]) -> Iterator[Path]:
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        text = json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        path.write_text(text, encoding="utf-8")
        yield path


if __name__ == "__main__":
    for written in write_missing():
        print(written.relative_to(HERE))
