"""The close of business dates: how many shards have done which step, and what is going on right now.

Owns: the list of dates, the page of one, and the page that shows a close while it runs. Refuses to know: what a
step does (``ledger.day_close``) and how its state is found (``day_close_progress``).
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.dateparse import parse_date

from config.admin import links
from config.admin.filters import RangeDateFilter
from config.admin.formatting import moment
from config.admin.records import RecordAdmin
from config.admin.sections import Column, Table, section
from ledger.admin.day_close_tables import problem_table, running_table, step_table
from ledger.day_close import step_names
from ledger.day_close_models import DayClose
from ledger.day_close_progress import close_state, day_in_progress
from ledger.eventstore.shards import SHARD_COUNT
from ledger.models import EsShard
from ledger.record_models import DayRecord

SHARDS_PER_GROUP = 16
# How often the page asks again; the answer is a few small queries.
REFRESH_SECONDS = 2
NOTE = "A shard without a running loan has nothing to do; its date is closed without a record of steps."


@admin.register(DayRecord)
class DayCloseAdmin(RecordAdmin):
    """One line per business date."""

    list_display = ("business_date", "closed", "shards_worked", "done", "began_at", "ended_at")
    list_filter = (("business_date", RangeDateFilter),)
    fields = (("business_date", "closed", "shards_worked"), ("done", "began_at", "ended_at"))

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of a running close before the addresses of single dates."""
        wrap = self.admin_site.admin_view
        return [
            path("progress/", wrap(self.progress_view), name="ledger_dayrecord_progress"),
            path("progress/now/", wrap(self.now_view), name="ledger_dayrecord_progress_now"),
            *super().get_urls(),
        ]

    def progress_view(self, request: HttpRequest) -> HttpResponse:
        """Show how far the close of a date is, and keep it up to date."""
        return self._progress(request, "admin/day_close_progress.html")

    def now_view(self, request: HttpRequest) -> HttpResponse:
        """Return the part of that page that changes."""
        return self._progress(request, "admin/day_close_now.html")

    def _progress(self, request: HttpRequest, template: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = _asked_date(request)
        day = asked or day_in_progress()
        context: dict[str, Any] = {"title": "Progress of the day close", "day": day, "asked": asked}
        if day is not None:
            state = close_state(day)
            context |= {
                "state": state,
                "shard_count": SHARD_COUNT,
                "refresh_seconds": REFRESH_SECONDS,
                "steps": step_table(state),
                "running": running_table(state),
                "problems": problem_table(request, state),
                "record": links.record_url("ledger.dayrecord", day.isoformat()) if state.began_at else "",
            }
        return TemplateResponse(request, template, {**self.admin_site.each_context(request), **context})

    @admin.display(description="shards closed")
    def closed(self, day: DayRecord) -> str:
        """Return in how many shards the date is over."""
        return f"{day.shards_closed} of {SHARD_COUNT}"


def _asked_date(request: HttpRequest) -> date | None:
    """Return the date in the address; without one the page follows the date that is being closed."""
    text = request.GET.get("date", "").strip()
    try:
        found = parse_date(text) if text else None
    except ValueError:
        found = None
    if text and found is None:
        raise Http404(f"{text} is not a date")
    return found


@section("ledger.dayrecord", "Problems", order=15)
def problems(request: HttpRequest, day: DayRecord) -> Table:
    """Show what was set aside on the date, resolved or not."""
    return problem_table(request, close_state(day.business_date))


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
