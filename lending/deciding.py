"""Delivering applications to the decision.

Owns: turning the outbox's decision message into the command. Refuses to know: the policy.
"""

from __future__ import annotations

from uuid import UUID

from ledger.eventstore.commands import Actor
from ledger.eventstore.outbox import Message, delivers
from ledger.eventstore.processor import execute
from lending.commands.apply import DecideApplication

ACTOR = Actor("system:decisions", frozenset({"system"}))


@delivers("decision")
def decide(message: Message) -> None:
    """Decide the application that the message names."""
    command = DecideApplication(
        application_id=UUID(message.reference), entity_id=UUID(message.payload["entity_id"])
    )
    execute(command, actor=ACTOR, key=f"decision:{message.reference}").value()
