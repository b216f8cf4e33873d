"""Tables of the accrual: the stretches that earn, and what each day posted.

Owns: columns, keys and constraints. Refuses to know: how a row comes to be; projections write the stretches,
and one database function the runs and their rows.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Index


class AccrualSegment(models.Model):
    """A stretch of days on which a loan earns at one rate on one base; see ``domain.accrual``."""

    pk = models.CompositePrimaryKey("loan_id", "key", "started_on")
    loan_id = models.UUIDField()
    key = models.TextField()
    started_on = models.DateField()
    shard = models.SmallIntegerField()
    kind = models.TextField()
    product_code = models.TextField()
    currency = models.CharField(max_length=3)
    ends_on = models.DateField(null=True)
    accrue_from = models.DateField()
    per_day_numerator = models.DecimalField(max_digits=38, decimal_places=0)
    denominator = models.DecimalField(max_digits=20, decimal_places=0)
    carry_numerator = models.DecimalField(max_digits=38, decimal_places=0)
    # The same three numbers in whole steps, where 64 bits hold them; see ``domain.accrual_steps``.
    begun_at = models.BigIntegerField(null=True)
    day_step = models.BigIntegerField(null=True)
    unit = models.BigIntegerField(null=True)
    bucket = models.BigIntegerField()  # stands for product, currency and kind

    class Meta:
        db_table = "accrual_segment"
        indexes = [Index(fields=["shard", "ends_on", "started_on"], name="accrual_segment_running")]


class AccrualRun(models.Model):
    """The accrual of one shard for one business date: what it saw and what it posted."""

    pk = models.CompositePrimaryKey("shard", "business_date")
    shard = models.SmallIntegerField()
    business_date = models.DateField()
    rows = models.IntegerField()
    amount_minor = models.BigIntegerField()
    checksum = models.TextField()

    class Meta:
        db_table = "accrual_run"


class AccrualRow(models.Model):
    """The sub-ledger: what one loan earned on one day. Insert-only, through the day's one function.

    The key holds because a day is posted once; no index keeps it, which would cost more than the row.
    """

    pk = models.CompositePrimaryKey("business_date", "shard", "loan_id", "key")
    business_date = models.DateField()
    shard = models.SmallIntegerField()
    loan_id = models.UUIDField()
    key = models.TextField()
    kind = models.TextField()
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "accrual_row"
