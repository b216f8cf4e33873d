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
from ledger.eventstore.shards import SHARD_COUNT
from ledger.models import DayClose
from ledger.record_models import DayRecord

SHARDS_PER_GROUP = 16


@admin.register(DayRecord)
class DayCloseAdmin(RecordAdmin):
    """One line per business date."""

    list_display = ("business_date", "shards_begun", "steps_done", "done", "began_at", "ended_at")
    list_filter = (("business_date", RangeDateFilter),)
    fields = (("business_date", "shards_begun", "steps_done"), ("done", "began_at", "ended_at"))

    @admin.display(description="shards begun", ordering="shards")
    def shards_begun(self, day: DayRecord) -> str:
        """Return how many shards have finished at least one step."""
        return f"{day.shards} of {SHARD_COUNT}"

    @admin.display(description="steps finished", ordering="steps")
    def steps_done(self, day: DayRecord) -> str:
        """Return how many steps are finished over all shards."""
        return f"{day.steps} of {SHARD_COUNT * len(step_names())}"


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
        rows.append([name, f"{len(held)} of {SHARD_COUNT}", sum(row.done for row in held), ended])
    figures = [Column("shards", is_figure=True), Column("commands given", is_figure=True)]
    return Table(["step", *figures, "last finished"], rows)


@section("ledger.dayrecord", "Shards", order=20)
def shards(_request: HttpRequest, day: DayRecord) -> Table:
    """Show the groups of shards and the steps they have behind them."""
    found = DayClose.objects.filter(business_date=day.business_date).values_list("shard", flat=True)
    per_shard = Counter(found)
    rows = []
    for first in range(0, SHARD_COUNT, SHARDS_PER_GROUP):
        group = range(first, first + SHARDS_PER_GROUP)
        complete = sum(per_shard[shard] >= len(step_names()) for shard in group)
        steps_done = sum(per_shard[shard] for shard in group)
        rows.append(
            [f"{first}-{first + SHARDS_PER_GROUP - 1}", f"{complete} of {SHARDS_PER_GROUP}", steps_done]
        )
    columns = ["shards", Column("complete", is_figure=True), Column("steps finished", is_figure=True)]
    return Table(columns, rows)
