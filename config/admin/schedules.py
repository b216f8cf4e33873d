"""Schedules: when beat rings for which task; administrators pause and retime them here.

Owns: how the schedules are shown, and which kinds of schedule are offered (intervals and clock times).
Refuses to know: what the tasks do.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django_celery_beat.admin import PeriodicTaskForm
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    PeriodicTasks,
    SolarSchedule,
)

from config.admin.library import ModelAdmin, SelectWidget, TextWidget

for shown_by_the_library in (PeriodicTask, IntervalSchedule, CrontabSchedule, SolarSchedule, ClockedSchedule):
    if admin.site.is_registered(shown_by_the_library):
        admin.site.unregister(shown_by_the_library)


class ScheduleForm(PeriodicTaskForm):  # type: ignore[misc]  # the library has no types
    """The library's form with widgets of the admin."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "regtask" in self.fields:
            choices = self.fields["regtask"].widget.tasks_as_choices()
            self.fields["regtask"].widget = SelectWidget(choices=choices)
        if "task" in self.fields:
            self.fields["task"].widget = TextWidget()


@admin.register(PeriodicTask)
class ScheduleAdmin(ModelAdmin):
    """Pause a task by taking away "enabled"; retime it by choosing another interval or clock time."""

    form = ScheduleForm
    list_display = ("name", "task", "enabled", "rhythm", "last_run_at", "total_run_count")
    list_filter = ("enabled",)
    list_select_related = ("interval", "crontab")
    search_fields = ("name", "task")
    ordering = ("name",)
    actions = ("resume", "pause")
    fieldsets = (
        (None, {"fields": ("name", "regtask", "task", "enabled", "description")}),
        ("When", {"fields": ("interval", "crontab", "last_run_at")}),
        ("With", {"fields": ("args", "kwargs")}),
    )
    readonly_fields = ("last_run_at",)

    @admin.display(description="rhythm")
    def rhythm(self, task: PeriodicTask) -> str:
        """Return when the task runs."""
        return str(task.interval or task.crontab or "never")

    @admin.action(description="Resume the selected tasks", permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Let the tasks run again."""
        self._switch(request, queryset, enabled=True, done="resumed")

    @admin.action(description="Pause the selected tasks", permissions=["change"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Keep the tasks from running."""
        self._switch(request, queryset, enabled=False, done="paused")

    def _switch(self, request: HttpRequest, queryset: QuerySet[Any], *, enabled: bool, done: str) -> None:
        count = queryset.update(enabled=enabled)
        PeriodicTasks.update_changed()
        self.message_user(request, f"{count} tasks were {done}.")


@admin.register(IntervalSchedule)
class IntervalAdmin(ModelAdmin):
    """Every so many seconds, minutes, hours or days."""

    list_display = ("__str__", "every", "period")


@admin.register(CrontabSchedule)
class CrontabAdmin(ModelAdmin):
    """At these minutes of these hours."""

    list_display = ("__str__", "minute", "hour", "day_of_month", "month_of_year", "day_of_week", "timezone")
