"""The event log: every fact, in the order in which it was recorded.

Owns: the list and page of events. Refuses to know: what an event changes.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from config.admin import formatting, links
from config.admin.columns import full_id_column, id_column
from config.admin.event_words import EVENT_WORDS, event_words, payload_facts
from config.admin.filters import RangeDateFilter, choice_filter
from config.admin.records import RecordAdmin, as_uuid
from config.admin.sections import Facts, section
from config.admin.timeline import actor_names
from ledger.eventstore.shards import SHARD_COUNT, shard_of
from ledger.record_models import POSITION_BITS, EventRecord


@admin.register(EventRecord)
class EventAdmin(RecordAdmin):
    """Search by a stream's identifier, by topic, or by who gave the command."""

    list_display = (
        "recorded_at",
        "what",
        "facts",
        "effective_date",
        "position",
        "stream",
        "actor",
        "command",
    )
    list_filter = (
        choice_filter("topic", "topic", EVENT_WORDS),
        ("effective_date", RangeDateFilter),
    )
    search_fields = ("topic", "actor", "command")
    search_ids = ("originator_id",)
    search_help_text = "A stream's identifier, a topic such as loan.payment_received, an actor or a command"
    fields = (
        ("what", "topic"),
        ("whole_stream", "originator_version"),
        ("position", "effective_date", "recorded_at"),
        ("actor", "command"),
    )

    stream = id_column("originator_id", "stream")
    whole_stream = full_id_column("originator_id", "stream")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Narrow a stream to its shard first: that is how events are indexed."""
        stream = as_uuid(search_term)
        if stream is not None:
            return queryset.filter(shard=shard_of(stream), originator_id=stream), False
        return super().get_search_results(request, queryset, search_term)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Find an event by shard and position, which the key consists of."""
        return record_at(self.get_queryset(request), object_id)

    @admin.display(description="what happened", ordering="topic")
    def what(self, event: EventRecord) -> str:
        """Return the topic in words."""
        return event_words(event.topic)

    @admin.display(description="facts")
    def facts(self, event: EventRecord) -> str:
        """Return what is worth reading of the payload."""
        return payload_facts(event.state)

    @admin.display(description="shard/position", ordering="pos")
    def position(self, event: EventRecord) -> str:
        """Return where the event stands."""
        return f"{event.shard}/{event.pos}"


def record_at(rows: QuerySet[Any], key: str) -> Any:
    """Return the row at the shard and position that a key stands for, or None."""
    if not (key.isascii() and key.isdigit()):
        return None
    shard, pos = int(key) >> POSITION_BITS, int(key) & ((1 << POSITION_BITS) - 1)
    return rows.filter(shard=shard, pos=pos).first() if shard < SHARD_COUNT else None


@section(links.EVENT, "Payload", order=10)
def payload(_request: HttpRequest, event: EventRecord) -> Facts:
    """Show the payload and the circumstances as they are stored."""
    return Facts(
        [("payload", formatting.payload(event.state)), ("circumstances", formatting.payload(event.meta))]
    )


@section(links.EVENT, "Related", order=20)
def related(request: HttpRequest, event: EventRecord) -> Facts:
    """Lead to the record the event is about and to the other events of its stream."""
    stream = event.originator_id
    return Facts(
        [
            ("record", links.stream_link(request, event.topic, stream)),
            ("given by", actor_names([event.actor])[event.actor]),
            ("stream", links.anchor(links.list_url(links.EVENT, q=stream), "all events of this stream")),
        ]
    )
