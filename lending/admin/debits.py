"""What the automatic debit found and took: one line per date and attempt.

Owns: the list, the page of an attempt with its shards, and what was set aside on its date.
Refuses to know: how an attempt is made (``automatic_debit``).
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from config.admin import formatting, links
from config.admin.filters import RangeDateFilter
from config.admin.records import RecordAdmin
from config.admin.sections import Column, Table, section
from ledger.admin.day_close_tables import subject_link
from ledger.day_close_progress import close_state
from lending.automatic_debit import STEP
from lending.debit_models import DebitAttempt
from lending.debit_record_models import DebitRecord

DEBIT = "lending.debitrecord"
DAY = "ledger.dayrecord"
# What became of the loans, under the titles that the list has as well.
COUNTS = {
    "due": "loans looked at",
    "collected": "in full",
    "in_part": "in part",
    "short": "too little for the whole",
    "without_money": "nothing there",
    "set_aside": "set aside",
}


@admin.register(DebitRecord)
class DebitAdmin(RecordAdmin):
    """The latest attempt first. Loans that are due are looked at; each stands in one of the counts after that."""

    list_display = ("business_date", "planned_at", "due", "collected", "in_part", "short", "without_money",
                    "aside", "taken", "finished_at")  # fmt: skip
    list_filter = (("business_date", RangeDateFilter),)
    ordering = ("-business_date", "-attempt")
    fields = (("business_date", "planned_at", "attempt"), ("due", "collected", "in_part"),
              ("short", "without_money", "set_aside"), ("taken", "shards", "finished_at"))  # fmt: skip

    @admin.display(description="set aside", ordering="set_aside")
    def aside(self, row: DebitRecord) -> Any:
        """Return how many loans were set aside, with a link to the problems."""
        if not row.set_aside:
            return row.set_aside
        address = f"{links.record_url(DEBIT, row.id)}?section=problems"
        return format_html('<a class="text-link" href="{}">{}</a>', address, row.set_aside)

    @admin.display(description="taken")
    def taken(self, row: DebitRecord) -> str:
        """Return what was taken, by currency."""
        amounts = sorted((row.taken_minor or {}).items())
        shown = ", ".join(formatting.amount_text(minor, currency) for currency, minor in amounts)
        return shown or formatting.NOTHING


@section(DEBIT, "Problems", order=10)
def problems(request: HttpRequest, row: DebitRecord) -> Table:
    """Show which loans the debits of the date set aside, at whatever attempt, and whether they work by now."""
    found = [one for one in close_state(row.business_date).problems if one.step == STEP]
    rows = [
        [subject_link(request, one), one.shard, one.error, one.message, one.attempts,
         f"resolved {formatting.moment(one.resolved_at)}" if one.resolved_at else "open"]
        for one in found
    ]  # fmt: skip
    columns = ["loan", "shard", "error", "message", Column("tries", is_figure=True), "state"]
    all_of_date = f"{reverse('admin:ledger_dayrecord_progress')}?date={row.business_date.isoformat()}"
    return Table(
        columns,
        rows,
        note="Loans that the debits of this date set aside. Each is tried again by the next attempt.",
        more=all_of_date if links.may_view(request, DAY) else "",
        more_text="All problems of the date",
    )


@section(DEBIT, "Shards", order=20)
def shards(_request: HttpRequest, row: DebitRecord) -> Table:
    """Show the shards that had loans due; their counts add up to those of the attempt."""
    found = DebitAttempt.objects.filter(business_date=row.business_date, attempt=row.attempt)
    rows = [
        [one.shard, *(getattr(one, name) for name in COUNTS), formatting.moment(one.finished_at)]
        for one in found.order_by("shard")
    ]
    return Table(
        ["shard", *(Column(title, is_figure=True) for title in COUNTS.values()), "finished"],
        rows,
        total=["Total", *(getattr(row, name) for name in COUNTS), ""],
    )
