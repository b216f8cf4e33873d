"""The table of debit attempts.

Owns: columns and key. Refuses to know: how an attempt is made (``automatic_debit``). It is a record of work
done, not derived from events; what was taken stands in the events and in ``repayment``.
"""

from __future__ import annotations

from django.db import models


class DebitAttempt(models.Model):
    """One attempt of a date in one shard: how many loans were due, and what became of each.

    ``collected``: all that was due was taken. ``in_part``: something. ``short``: there was money, but less than
    all, and a part may not be taken. ``without_money``: the account was empty. ``set_aside``: see the problems.
    An attempt that was interrupted is counted from where it went on.
    """

    pk = models.CompositePrimaryKey("business_date", "shard", "attempt")
    business_date = models.DateField()
    shard = models.SmallIntegerField()
    attempt = models.SmallIntegerField()
    planned_at = models.TextField()
    due = models.IntegerField()
    collected = models.IntegerField()
    in_part = models.IntegerField()
    short = models.IntegerField()
    without_money = models.IntegerField()
    set_aside = models.IntegerField()
    taken_minor = models.JSONField()
    finished_at = models.DateTimeField()

    class Meta:
        db_table = "debit_attempt"
