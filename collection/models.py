"""Tables of collections: overdue history and notices, both written by projections.

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


# Django finds an app's models through this module, those over views included.
from collection.record_models import NoticeRecord, OverdueRecord  # noqa: E402, F401
