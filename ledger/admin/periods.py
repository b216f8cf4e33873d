"""Closed months, and closing the next one.

Owns: the list and the form. Refuses to know: which month can be closed; the command decides.
"""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from config.admin.command_forms import MonthForm, command_view
from config.admin.library import action
from config.admin.records import RecordAdmin
from config.roles import CLOSE_PERIOD
from ledger.book_models import PeriodClose
from ledger.commands.close_period import ClosePeriod


@admin.register(PeriodClose)
class PeriodCloseAdmin(RecordAdmin):
    """One line per closed month, the latest one first."""

    list_display = ("closed_through", "closed_on", "trial_balance_hash")
    ordering = ("-closed_through",)
    fields = (("closed_through", "closed_on"), "trial_balance_hash")
    actions_list = ("close_month",)

    def has_close_permission(self, request: HttpRequest) -> bool:
        """Say whether somebody may close a month; the action asks for it by this name."""
        return bool(request.user.has_perm(CLOSE_PERIOD))

    @action(description="Close a month", url_path="close", icon="lock_clock", permissions=["close"])
    def close_month(self, request: HttpRequest) -> HttpResponse:
        """Close the next month for good."""
        return command_view(
            self,
            request,
            object_id=None,
            title="Close a month",
            explanation=(
                "Nothing is posted in the month or before it any more, and it is not opened again. Every shard must"
                " have closed its last business date. What turns out later is posted on the open date, with the"
                " value date on which it counts."
            ),
            form_class=MonthForm,
            command=lambda form: ClosePeriod(month=form.cleaned_data["month"]),
            done="The month is closed.",
        )
