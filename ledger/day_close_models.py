"""Tables of the day close: finished steps, what was set aside, and who is closing at the moment.

Owns: columns, keys and constraints. Refuses to know: how a row comes to be (``day_close``,
``day_close_problems``, ``day_close_running``). None of it is derived from events, and no rule reads it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Index, Q, UniqueConstraint


class DayClose(models.Model):
    """A finished step of the day close of one shard; the key makes each step happen once."""

    pk = models.CompositePrimaryKey("business_date", "shard", "step")
    business_date = models.DateField()
    shard = models.SmallIntegerField()
    step = models.TextField()
    done = models.IntegerField()
    finished_at = models.DateTimeField()
    took_ms = models.IntegerField(null=True)

    class Meta:
        db_table = "day_close"


class DayCloseProblem(models.Model):
    """A subject that a step could not deal with: set aside, tried again by every later close.

    There is one open row per subject and step, from the date it was set aside first to the last one.
    """

    id = models.BigAutoField(primary_key=True)
    shard = models.SmallIntegerField()
    business_date = models.DateField()
    last_date = models.DateField()
    step = models.TextField()
    subject = models.TextField()
    command = models.TextField()
    fields = models.JSONField()
    error = models.TextField()
    message = models.TextField()
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    attempts = models.IntegerField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.TextField(null=True)

    class Meta:
        db_table = "day_close_problem"
        verbose_name = "day close problem"
        ordering = ["-last_seen"]
        constraints = [
            UniqueConstraint(
                fields=["shard", "step", "subject"],
                name="day_close_problem_open",
                condition=Q(resolved_at__isnull=True),
            )
        ]
        indexes = [Index(fields=["business_date", "last_date"], name="day_close_problem_dates")]

    def __str__(self) -> str:
        return f"{self.step} of {self.subject}"


class DayCloseRun(models.Model):
    """A shard whose close is under way: which step, in which process, and its last sign of life."""

    shard = models.SmallIntegerField(primary_key=True)
    business_date = models.DateField()
    step = models.TextField()
    worker = models.TextField()
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    given = models.IntegerField()
    total = models.IntegerField()

    class Meta:
        db_table = "day_close_run"
