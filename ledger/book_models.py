"""Tables of the general ledger beside the journal: closed months, and who funds a product.

Owns: columns and keys. Refuses to know: how a row comes to be; closed months are written by the database function
``es_close_period`` alone.
"""

from __future__ import annotations

from django.db import models


class PeriodClose(models.Model):
    """A month that is closed, with everything before it, and the trial balance it was closed on."""

    closed_through = models.DateField(primary_key=True)
    trial_balance_hash = models.TextField()
    closed_on = models.DateField()

    class Meta:
        db_table = "period_close"
        verbose_name = "closed month"

    def __str__(self) -> str:
        return f"closed through {self.closed_through}"


class ProductFunding(models.Model):
    """The share of one funder in the loans of a product, from a version on until the next agreement."""

    pk = models.CompositePrimaryKey("code", "from_version", "place")
    code = models.TextField()
    from_version = models.IntegerField()
    place = models.SmallIntegerField()
    funder = models.TextField()
    share_e8 = models.BigIntegerField()
    agreed_on = models.DateField()

    class Meta:
        db_table = "product_funding"


class Provision(models.Model):
    """What is set aside for the loans of one shard, product, currency and category."""

    pk = models.CompositePrimaryKey("shard", "product_code", "currency", "category")
    shard = models.SmallIntegerField()
    product_code = models.TextField()
    currency = models.CharField(max_length=3)
    category = models.TextField()
    loans = models.IntegerField()
    exposure_minor = models.BigIntegerField()
    allowance_minor = models.BigIntegerField()
    posted_on = models.DateField()

    class Meta:
        db_table = "provision"
