"""Overdue instalments and notices, seen through a view that gives each row one key.

Owns: the columns of those views, which the admin lists and opens by one identifier.
Refuses to know: writing; a view is read with the rights of the reader, and nothing is ever saved here.
"""

from __future__ import annotations

from django.db import models


class OverdueRecord(models.Model):
    """An instalment that was not paid on its due date."""

    id = models.TextField(primary_key=True)
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
        managed = False
        db_table = "record_overdue"
        verbose_name = "overdue instalment"
        ordering = ["-due_on", "loan_id", "number"]

    def __str__(self) -> str:
        return f"instalment {self.number} due {self.due_on}"


class NoticeRecord(models.Model):
    """A message owed to a borrower."""

    id = models.TextField(primary_key=True)
    originator_id = models.UUIDField()
    originator_version = models.IntegerField()
    shard = models.SmallIntegerField()
    entity_id = models.UUIDField()
    account_id = models.UUIDField(null=True)
    loan_id = models.UUIDField(null=True)
    kind = models.TextField()
    effective_date = models.DateField()
    currency = models.CharField(max_length=3, null=True)
    amount_minor = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "record_notice"
        verbose_name = "notice"
        ordering = ["-effective_date", "id"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.effective_date}"
