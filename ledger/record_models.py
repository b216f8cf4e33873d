"""Tables that have a key of several columns, seen through a view that gives each row one key.

Owns: the columns of those views, which the admin lists and opens by one identifier.
Refuses to know: writing; a view is read with the rights of the reader, and nothing is ever saved here.
"""

from __future__ import annotations

from typing import Final

from django.db import models

# The key of an event and of its journal entry: the shard in the bits above the position.
POSITION_BITS: Final = 48


class EventRecord(models.Model):
    """One event of any stream."""

    id = models.BigIntegerField(primary_key=True)
    shard = models.SmallIntegerField()
    pos = models.BigIntegerField()
    originator_id = models.UUIDField("stream")
    originator_version = models.IntegerField("version")
    topic = models.TextField()
    effective_date = models.DateField()
    recorded_at = models.DateTimeField()
    actor = models.TextField()
    command = models.TextField()
    meta = models.JSONField()
    state = models.JSONField("payload")

    class Meta:
        managed = False
        db_table = "record_event"
        verbose_name = "event"
        ordering = ["-recorded_at", "shard", "-pos"]

    def __str__(self) -> str:
        return f"{self.topic} {self.shard}/{self.pos}"


class JournalRecord(models.Model):
    """One journal entry with the totals of its debits per currency, memo accounts apart."""

    id = models.BigIntegerField(primary_key=True)
    posting_date = models.DateField()
    shard = models.SmallIntegerField()
    pos = models.BigIntegerField()
    effective_date = models.DateField()
    topic = models.TextField()
    originator_id = models.UUIDField("stream")
    debits = models.JSONField(null=True)
    memo_debits = models.JSONField(null=True)
    value_date = models.DateField()

    class Meta:
        managed = False
        db_table = "record_journal_entry"
        verbose_name = "journal entry"
        verbose_name_plural = "journal entries"
        ordering = ["-posting_date", "-shard", "-pos"]

    def __str__(self) -> str:
        return f"entry {self.shard}/{self.pos} of {self.posting_date}"


class DayRecord(models.Model):
    """How far the close of one business date has come; shards without a running loan record no steps."""

    business_date = models.DateField(primary_key=True)
    shards_closed = models.IntegerField()
    shards_worked = models.IntegerField()
    steps = models.IntegerField()
    done = models.BigIntegerField("commands given")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "record_day_close"
        verbose_name = "day close"
        ordering = ["-business_date"]

    def __str__(self) -> str:
        return f"close of {self.business_date}"


class ReceiptRecord(models.Model):
    """Money that arrived, and what became of it when its channel took it back."""

    id = models.TextField(primary_key=True)
    channel = models.TextField()
    reference = models.TextField()
    shard = models.SmallIntegerField()
    account_id = models.UUIDField()
    effective_date = models.DateField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    value_date = models.DateField()
    returned_on = models.DateField(null=True)
    returned_minor = models.BigIntegerField()
    return_reference = models.TextField(null=True)

    class Meta:
        managed = False
        db_table = "record_receipt"
        verbose_name = "receipt"
        ordering = ["-effective_date", "id"]

    def __str__(self) -> str:
        return f"receipt {self.id}"


class RepaymentRecord(models.Model):
    """A payment on a loan, split by component."""

    id = models.TextField(primary_key=True)
    loan_id = models.UUIDField()
    payment_id = models.TextField()
    sequence = models.IntegerField()
    shard = models.SmallIntegerField()
    entity_id = models.UUIDField()
    effective_date = models.DateField()
    value_date = models.DateField()
    kind = models.TextField()
    reason = models.TextField()
    source_account_id = models.UUIDField(null=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    penalty_minor = models.BigIntegerField()
    compound_minor = models.BigIntegerField()
    interest_minor = models.BigIntegerField()
    principal_minor = models.BigIntegerField()
    surplus_minor = models.BigIntegerField()
    recovered_minor = models.BigIntegerField()
    reversed_on = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "record_repayment"
        verbose_name = "repayment"
        ordering = ["-effective_date", "loan_id", "-sequence"]

    def __str__(self) -> str:
        return f"repayment {self.id}"


class ProductRecord(models.Model):
    """One saved version of a product."""

    id = models.TextField(primary_key=True)
    code = models.TextField()
    version = models.IntegerField()
    title = models.TextField()
    method = models.TextField()
    effective_from = models.DateField()
    saved_on = models.DateField()

    class Meta:
        managed = False
        db_table = "record_product_version"
        verbose_name = "product version"
        ordering = ["code", "-version"]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"
