"""The outbox: what still has to be done outside, and what no longer gets done without a person.

Owns: the list and page of messages. Refuses to know: how they are delivered.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from config.admin import formatting
from config.admin.columns import status_column
from config.admin.filters import choice_filter
from config.admin.records import RecordAdmin
from config.admin.sections import Facts, section
from ledger.eventstore.outbox import ATTEMPTS_MAX
from ledger.models import EsOutbox


@admin.register(EsOutbox)
class OutboxAdmin(RecordAdmin):
    """Dead messages first, then the ones that have waited longest."""

    list_display = (
        "reference",
        "kind",
        "shown_state",
        "attempts",
        "next_attempt",
        "created_at",
        "short_error",
    )
    list_filter = (
        choice_filter("state", "state", EsOutbox.State.values),
        choice_filter("kind", "kind", ("payout", "withdrawal", "decision", "notice")),
    )
    # "dead" < "done" < "pending": a dead one is what a person has to look at.
    ordering = ("state", "-created_at")
    search_fields = ("reference", "kind", "last_error")
    fields = (
        ("reference", "kind", "shown_state"),
        ("attempts", "next_attempt", "created_at"),
        "shard",
        "last_error",
    )

    shown_state = status_column("state", "state")

    @admin.display(description="next attempt at", ordering="next_attempt_at")
    def next_attempt(self, message: EsOutbox) -> Any:
        """Return when it is tried again; what is done or dead is not."""
        return message.next_attempt_at if message.state == EsOutbox.State.PENDING else formatting.NOTHING

    @admin.display(description="last error")
    def short_error(self, message: EsOutbox) -> str:
        """Return the beginning of the error."""
        return (message.last_error or formatting.NOTHING)[:120]


@section("ledger.esoutbox", "Payload", order=10)
def payload(_request: HttpRequest, message: EsOutbox) -> Facts:
    """Show what is asked for."""
    note = f"After {ATTEMPTS_MAX} attempts a message is dead and waits for a person."
    items: list[tuple[str, Any]] = [("payload", formatting.payload(message.payload))]
    return Facts(items, note=note)
