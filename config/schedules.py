"""When beat rings for which task, until somebody decides otherwise.

Owns: the schedules a new database starts with. Refuses to know: what the tasks do.
They are rows from then on: staff pause and retime them in the admin, and no restart takes that back.
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django_celery_beat.models import (
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
)

EVERY_SECONDS: Final = {
    "deliver what is due outside": ("lending.deliver_outbox", 5),
    "bring the followers up to date": ("ledger.follow", 5),
    "note the time that has been reached": ("ledger.note_time", 5),
}
AT_MINUTES: Final = {
    "close the business days that have passed": ("ledger.close_passed_days", "5,35"),
    # The times of the attempts are the lender's policy; beat only asks often whether one has come.
    "debit what is due, at the times of the plan": ("lending.debit_due", "*/5"),
}


def ensure_schedules(*, using: str, **_kwargs: Any) -> None:
    """Add the schedules that are missing; the ones there are stay as they are (signal: post_migrate)."""
    tasks = PeriodicTask.objects.using(using)
    missing = {*EVERY_SECONDS, *AT_MINUTES} - set(tasks.values_list("name", flat=True))
    for name in sorted(missing & set(EVERY_SECONDS)):
        task, seconds = EVERY_SECONDS[name]
        tasks.create(name=name, task=task, interval=_interval(seconds, using=using))
    for name in sorted(missing & set(AT_MINUTES)):
        task, minutes = AT_MINUTES[name]
        tasks.create(name=name, task=task, crontab=_crontab(minutes, using=using))


def _interval(seconds: int, *, using: str) -> Any:
    rows = IntervalSchedule.objects.using(using)
    return rows.get_or_create(every=seconds, period=IntervalSchedule.SECONDS)[0]


def _crontab(minutes: str, *, using: str) -> Any:
    rows = CrontabSchedule.objects.using(using)
    return rows.get_or_create(minute=minutes, timezone=settings.LOANBOOK_BUSINESS_ZONE)[0]
