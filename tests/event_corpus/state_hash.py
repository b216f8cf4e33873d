"""Prints a digest of everything the corpus folds into and of every life as it is told today.

Run as a program under other time zones, locales, hash seeds and Python versions; it must say the same.
"""

from __future__ import annotations

import hashlib
import json

from tests.event_corpus import corpus
from tests.event_corpus.complete_lives import LIVES


def state_hash() -> str:
    """Return the digest, in which the order of nothing but the events counts."""
    said = {}
    for path in sorted(corpus.STREAMS.glob("*.json")):
        aggregate = None
        for stored in json.loads(path.read_text(encoding="utf-8"))["events"]:
            aggregate = corpus.read_event(stored).mutate(aggregate)
        assert aggregate is not None
        said[path.name] = corpus.described(aggregate.state)
    for name, live in LIVES.items():
        said[name] = [corpus.stored_form(event) for event in live().pending_events]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


if __name__ == "__main__":
    print(state_hash())
