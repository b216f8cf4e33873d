"""The close of business dates: how many shards have done which step.

Owns: the list of dates and the page of one. Refuses to know: what a step does (``ledger.day_close``).
"""

from __future__ import annotations

from collections import Counter

from django.contrib import admin
from django.http import HttpRequest

from config.admin.filters import RangeDateFilter
from config.admin.formatting import moment
from config.admin.records import RecordAdmin
from config.admin.sections import Column, Table, section
from ledger.day_close import step_names
from ledger.day_close_models import DayClose
from ledger.eventstore.shards import SHARD_COUNT
from ledger.models import EsShard
from ledger.record_models import DayRecord

SHARDS_PER_GROUP = 16
NOTE = "A shard without a running loan has nothing to do; its date is closed without a record of steps."


@admin.register(DayRecord)
class DayCloseAdmin(RecordAdmin):
    """One line per business date."""

    list_display = ("business_date", "closed", "shards_worked", "done", "began_at", "ended_at")
    list_filter = (("business_date", RangeDateFilter),)
    fields = (("business_date", "closed", "shards_worked"), ("done", "began_at", "ended_at"))

    @admin.display(description="shards closed")
    def closed(self, day: DayRecord) -> str:
        """Return in how many shards the date is over."""
        return f"{day.shards_closed} of {SHARD_COUNT}"


@section("ledger.dayrecord", "Steps", order=10)
def steps(_request: HttpRequest, day: DayRecord) -> Table:
    """Show each step in the order in which it runs."""
    found = list(DayClose.objects.filter(business_date=day.business_date))
    order = {name: place for place, name in enumerate(step_names())}
    rows = []
    for name in sorted(
        {row.step for row in found} | set(order), key=lambda step: (order.get(step, 99), step)
    ):
        held = [row for row in found if row.step == name]
        ended = moment(max((row.finished_at for row in held), default=None))
        rows.append([name, f"{len(held)} of {day.shards_worked}", sum(row.done for row in held), ended])
    figures = [Column("shards", is_figure=True), Column("commands given", is_figure=True)]
    return Table(["step", *figures, "last finished"], rows)


@section("ledger.dayrecord", "Shards", order=20)
def shards(_request: HttpRequest, day: DayRecord) -> Table:
    """Show the groups of shards: how many have closed the date, and what was recorded in them."""
    closed = set(
        EsShard.objects.filter(closed_through__gte=day.business_date).values_list("shard", flat=True)
    )
    per_shard = Counter(
        DayClose.objects.filter(business_date=day.business_date).values_list("shard", flat=True)
    )
    rows = []
    for first in range(0, SHARD_COUNT, SHARDS_PER_GROUP):
        group = range(first, first + SHARDS_PER_GROUP)
        done = f"{len(closed & set(group))} of {SHARDS_PER_GROUP}"
        worked = sum(per_shard[shard] > 0 for shard in group)
        rows.append([f"{first}-{group[-1]}", done, worked, sum(per_shard[shard] for shard in group)])
    figures = [Column(title, is_figure=True) for title in ("closed", "with running loans", "steps finished")]
    return Table(["shards", *figures], rows, note=NOTE)
