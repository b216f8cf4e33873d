"""The port through which a borrower is told something.

Owns: what the product asks of any message channel and what it may get back.
Refuses to know: texts and addresses; a notice names a template, and a recipient by token.
An adapter delivers a reference at most once, however often it is sent. A timeout means neither yes nor
no; sending the same reference again is safe.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class DeliveryOutcome(StrEnum):
    """What a channel says about a notice."""

    DELIVERED = "delivered"
    FAILED = "failed"


class NotifierTimeout(Exception):
    """The channel did not answer in time; the notice may or may not be delivered."""


class NoticeReferenceReused(Exception):
    """The reference was sent before with another content."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message: which template, to whom, with which values."""

    reference: str
    template: str
    channel: str
    recipient_token: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DeliveryAnswer:
    """The channel's answer to one notice."""

    reference: str
    outcome: DeliveryOutcome
    reason: str = ""


class Notifier(Protocol):
    """Delivers notices."""

    def send(self, *, notice: Notice) -> DeliveryAnswer:
        """Deliver once per reference. Raises NotifierTimeout, NoticeReferenceReused."""
        ...
