"""A message channel for demonstrations and tests that can go wrong on purpose.

Owns: playing what the recipient's token asks for, and remembering what was delivered.
Refuses to know: why a notice is sent. Nothing leaves the process.

| token ends in     | behaviour                                                        |
| ----------------- | ---------------------------------------------------------------- |
| -fail             | refused, with a reason                                           |
| -timeout-before   | first sending: no answer, not delivered; a later sending delivers |
| -timeout-after    | first sending: no answer, but delivered; a later sending says so |
| -unreachable      | never answers                                                    |
| anything else     | delivered                                                        |
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

from collection.gateways.notifier import (
    DeliveryAnswer,
    DeliveryOutcome,
    Notice,
    NoticeReferenceReused,
    NotifierTimeout,
)


class NoticeStore(Protocol):
    """Keeps notices by reference and counts how often each reference was sent."""

    def count_attempt(self, *, reference: str) -> int:
        """Count one more sending and return its number, from 1."""
        ...

    def keep(self, *, notice: Notice) -> Notice:
        """Keep a notice unless its reference is taken; return the one that is kept."""
        ...


@dataclass
class InMemoryNoticeStore:
    """A store for tests and for a single process; safe for threads."""

    notices: dict[str, Notice] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def count_attempt(self, *, reference: str) -> int:
        """Count one more sending and return its number, from 1."""
        with self._lock:
            self.attempts[reference] = self.attempts.get(reference, 0) + 1
            return self.attempts[reference]

    def keep(self, *, notice: Notice) -> Notice:
        """Keep a notice unless its reference is taken; return the one that is kept."""
        with self._lock:
            return self.notices.setdefault(notice.reference, notice)


class SandboxNotifier:
    """An adapter of ``Notifier``."""

    def __init__(self, *, store: NoticeStore | None = None) -> None:
        self._store = store if store is not None else InMemoryNoticeStore()

    def send(self, *, notice: Notice) -> DeliveryAnswer:
        """Deliver once per reference. Raises NotifierTimeout, NoticeReferenceReused."""
        token, reference = notice.recipient_token, notice.reference
        first_attempt = self._store.count_attempt(reference=reference) == 1
        if token.endswith("-unreachable") or (first_attempt and token.endswith("-timeout-before")):
            raise NotifierTimeout(reference)
        if token.endswith("-fail"):
            return DeliveryAnswer(reference, DeliveryOutcome.FAILED, "recipient unknown")
        if self._store.keep(notice=notice) != notice:
            raise NoticeReferenceReused(reference)
        if first_attempt and token.endswith("-timeout-after"):
            raise NotifierTimeout(reference)
        return DeliveryAnswer(reference, DeliveryOutcome.DELIVERED)
