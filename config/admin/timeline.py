"""The timeline of a record: its events, newest first.

Owns: reading the events of some streams and writing each as a person reads it.
Refuses to know: which streams belong to a record; the page says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest

from config.admin.event_words import event_words, payload_facts
from config.admin.formatting import day, moment, payload, words
from config.admin.links import EVENT, permitted_link, stream_link
from config.admin.sections import Timeline, TimelineEntry
from ledger.record_models import EventRecord

ENTRIES_MAX: Final = 100
PAGE_PARAMETER: Final = "events"
PAGE_DIGITS_MAX: Final = 5
_USER: Final = "user:"


def timeline(
    request: HttpRequest, *, shard: int, streams: Iterable[UUID], currency: str | None = None
) -> Timeline:
    """Return a page of the events of these streams; the address says which page."""
    page = _page(request)
    first = (page - 1) * ENTRIES_MAX
    # The ordering is the shard's own count, which needs no look at any clock.
    found = EventRecord.objects.filter(shard=shard, originator_id__in=list(streams)).order_by("-pos")
    events = list(found[first : first + ENTRIES_MAX + 1])
    shown = events[:ENTRIES_MAX]
    names = actor_names(event.actor for event in shown)
    return Timeline(
        entries=[_entry(request, event, names, currency) for event in shown],
        more=f"?{PAGE_PARAMETER}={page + 1}" if len(events) > ENTRIES_MAX else "",
        newer=f"?{PAGE_PARAMETER}={page - 1}" if page > 1 else "",
    )


def actor_names(principals: Iterable[str]) -> dict[str, str]:
    """Return the sign-in names behind principals of the form ``user:7``; others speak for themselves."""
    held = set(principals)
    numbers = {int(name.removeprefix(_USER)) for name in held if _is_numbered(name)}
    users = dict(User.objects.filter(pk__in=numbers).values_list("pk", "username")) if numbers else {}
    return {name: _actor_name(name, users) for name in held}


def _actor_name(principal: str, users: dict[int, str]) -> str:
    if _is_numbered(principal):
        return users.get(int(principal.removeprefix(_USER)), principal)
    return principal


def _is_numbered(principal: str) -> bool:
    number = principal.removeprefix(_USER)
    return number != principal and number.isascii() and number.isdigit()


def _page(request: HttpRequest) -> int:
    asked = request.GET.get(PAGE_PARAMETER, "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) <= PAGE_DIGITS_MAX else 1


def _entry(
    request: HttpRequest, event: EventRecord, names: dict[str, str], currency: str | None
) -> TimelineEntry:
    state: Any = event.state
    return TimelineEntry(
        happened_on=day(event.effective_date),
        recorded_at=moment(event.recorded_at),
        words=event_words(event.topic),
        facts=payload_facts(state, currency=currency),
        actor=names[event.actor],
        command=words(event.command),
        stream=stream_link(request, event.topic, event.originator_id),
        event=permitted_link(request, EVENT, event.pk, f"{event.topic} {event.shard}/{event.pos}"),
        payload=payload(state),
    )


def streams_of(*groups: Sequence[UUID | None]) -> list[UUID]:
    """Return the identifiers of several groups as one list, without gaps."""
    return [identifier for group in groups for identifier in group if identifier is not None]
