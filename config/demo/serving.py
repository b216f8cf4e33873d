"""Serving the books of a finished demonstration.

Owns: the logins that are printed, and stopping the calendar: the demonstration's dates are made up, so
the clock of the machine must not close them. Refuses to know: how children are run.
"""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from config.identities import ensure_demo_identities

CLOSING_TASK = "ledger.close_passed_days"
CLOSING_NAME = "close the business days that have passed"
BORROWERS_SHOWN = 2


def pause_the_calendar() -> None:
    """Leave the close of passed days switched off in the schedule; staff can switch it on."""
    schedule, _ = CrontabSchedule.objects.get_or_create(minute="5,35")
    PeriodicTask.objects.update_or_create(
        name=CLOSING_NAME, defaults={"task": CLOSING_TASK, "crontab": schedule, "enabled": False}
    )


def demo_notes() -> list[str]:
    """Make the logins of the demonstration and return the lines that announce them."""
    logins = ensure_demo_identities(entity_ids=_borrowers_with_loans())
    lines = ["Sign in to the admin, or send the token as 'Authorization: Bearer TOKEN' to the API:"]
    for login in logins:
        lines.append(f"  {login.role:14} {login.username:20} password {login.password}  token {login.token}")
        if login.client_id:
            lines.append(f"  {'':14} client id {login.client_id}, client secret {login.client_secret}")
    lines.append("The days of this demonstration are made up; its calendar is paused.")
    lines.append("Close its next day with: LOANBOOK_DATABASE_NAME=loanbook_demo python manage.py close_day")
    return lines


def _borrowers_with_loans() -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entity_id FROM loan WHERE status = 'active'"
            " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT %s",
            (BORROWERS_SHOWN,),
        )
        return [entity_id for (entity_id,) in cursor.fetchall()]
