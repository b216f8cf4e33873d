"""What a command is, who gives it, and which function carries it out.

Owns: the base of commands, the actor, the outcome and the register of handlers.
Refuses to know: transactions. The processor runs what is registered here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import msgspec

from ledger.kernel.refusals import Refusal

if TYPE_CHECKING:
    from ledger.eventstore.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Actor:
    """Who gives a command; ``principal`` also scopes idempotency keys."""

    principal: str
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Command:
    """A request to change the books. Subclasses are frozen and hold identifiers and integers."""

    name: ClassVar[str]

    def home(self) -> UUID:
        """Return the identifier whose shard the command works in."""
        raise NotImplementedError

    def hot(self) -> tuple[UUID, ...]:
        """Return the hot aggregates to lock before anything is read."""
        return ()

    def reads(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """Return queries of read models to run right after the locks, in the same round trip."""
        return ()

    def fingerprint(self) -> str:
        """Return a digest of what is asked for, to tell a repeat from another request."""
        return fingerprint_of(self.name, self)


def fingerprint_of(name: str, asked: object) -> str:
    """Return the digest of a command's name and fields, whatever their order."""
    return hashlib.sha256(msgspec.json.encode([name, asked], order="sorted")).hexdigest()


@dataclass
class Outcome:
    """What a command led to: a result, or the refusal, and whether it was decided earlier."""

    result: dict[str, Any] = field(default_factory=dict)
    refusal: Refusal | None = None
    replayed: bool = False
    attempts: int = 1
    events: tuple[Any, ...] = ()
    sent: frozenset[str] = frozenset()

    def value(self) -> dict[str, Any]:
        """Return the result, or raise the refusal."""
        if self.refusal is not None:
            raise self.refusal
        return self.result


Handler = Callable[[Any, "UnitOfWork"], dict[str, Any] | None]
HANDLERS: dict[type[Command], Handler] = {}
COMMANDS: dict[str, type[Command]] = {}


def handles(command: type[Command]) -> Callable[[Handler], Handler]:
    """Register the function that carries out a command."""

    def register(handler: Handler) -> Handler:
        HANDLERS[command] = handler
        COMMANDS[command.name] = command
        return handler

    return register
