"""Tables of collections: overdue history, notices and reports to the bureau, all written by projections.

Owns: columns, keys and constraints. Refuses to know: how a row comes to be.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Index


class OverdueInstalment(models.Model):
    """A row of a loan that was not paid on its due date, by the value dates of what was paid."""

    pk = models.CompositePrimaryKey("loan_id", "name")
    loan_id = models.UUIDField()
    name = models.TextField()
    number = models.IntegerField()
    shard = models.SmallIntegerField()
    entity_id = models.UUIDField()
    due_on = models.DateField()
    overdue_since = models.DateField()
    passed_grace_on = models.DateField(null=True)
    cured_on = models.DateField(null=True)

    class Meta:
        db_table = "overdue_instalment"
        indexes = [Index(fields=["entity_id"], name="overdue_instalment_entity")]


class Notice(models.Model):
    """A message owed to a borrower about something that happened to an account."""

    pk = models.CompositePrimaryKey("originator_id", "originator_version")
    originator_id = models.UUIDField()
    originator_version = models.IntegerField()
    shard = models.SmallIntegerField()
    entity_id = models.UUIDField(db_index=True)
    account_id = models.UUIDField(null=True)
    loan_id = models.UUIDField(null=True)
    kind = models.TextField()
    effective_date = models.DateField()
    currency = models.CharField(max_length=3, null=True)
    amount_minor = models.BigIntegerField(null=True)

    class Meta:
        db_table = "notice"


class BureauRecord(models.Model):
    """A loan as it was reported to the credit bureau for a month; from the second number on a correction."""

    pk = models.CompositePrimaryKey("loan_id", "month", "number")
    loan_id = models.UUIDField()
    month = models.DateField()  # its first day
    number = models.IntegerField()
    shard = models.SmallIntegerField()
    entity_id = models.UUIDField()
    reported_on = models.DateField()
    currency = models.CharField(max_length=3)
    opened_on = models.DateField()
    ended_on = models.DateField(null=True)
    limit_minor = models.BigIntegerField()
    principal_minor = models.BigIntegerField()
    balance_minor = models.BigIntegerField()
    days_past_due = models.IntegerField()
    bucket = models.TextField()
    category = models.TextField()
    marks = models.CharField(max_length=24)

    class Meta:
        db_table = "bureau_record"
        indexes = [Index(fields=["month", "shard"], name="bureau_record_month")]


# Django finds an app's models through this module, those over views included.
from collection.record_models import NoticeRecord, OverdueRecord  # noqa: E402, F401
