"""Assertions about aggregates that every domain test shares.

Owns: that a refusal leaves nothing behind, and that stored events give the same aggregate again.
"""

from __future__ import annotations

from contextlib import contextmanager
from copy import deepcopy

import pytest

from ledger.eventstore.codec import MAPPER, restore, state_to_json


@contextmanager
def refuses(aggregate, refusal, *, field=None):
    """Expect a refusal; the aggregate has the same state, version and events afterwards."""
    before = deepcopy(aggregate.state), aggregate.version, list(aggregate.pending_events)
    with pytest.raises(refusal) as caught:
        yield caught
    assert type(caught.value) is refusal
    assert (aggregate.state, aggregate.version, list(aggregate.pending_events)) == before
    if field is not None:
        assert caught.value.field == field


def assert_survives_storage(aggregate):
    """Store the events and the state as JSON, read them back, and compare with the aggregate."""
    stored = [MAPPER.to_stored_event(event) for event in aggregate.pending_events]
    events = [MAPPER.to_domain_event(event) for event in stored]
    assert events == list(aggregate.pending_events)
    again = None
    for event in events:
        again = event.mutate(again)
    assert (again.state, again.version) == (aggregate.state, aggregate.version)
    snapshot = restore(type(aggregate), aggregate.id, aggregate.version, state_to_json(aggregate))
    assert snapshot.state == aggregate.state


def assert_cell(aggregate, command, arguments, expected):
    """Prove one cell of a state chart: exactly one event, or the named refusal and nothing else."""
    call = getattr(aggregate, command)
    if expected == "event":
        version = aggregate.version
        call(**arguments)
        assert aggregate.version == version + 1
    else:
        with refuses(aggregate, expected):
            call(**arguments)


def public_commands(aggregate_class):
    """Return the names of the methods that take an effective date: the commands of the aggregate."""
    return {
        name
        for name in vars(aggregate_class)
        if not name.startswith("_")
        and "effective_date" in getattr(getattr(aggregate_class, name), "__annotations__", {})
    }
