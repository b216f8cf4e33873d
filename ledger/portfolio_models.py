"""Figures of the whole portfolio by the day, as a table.

Owns: the shape of the table. Refuses to know: how a figure comes about; a projection writes it.
"""

from __future__ import annotations

from django.db import models


class PortfolioDay(models.Model):
    """Counts and amounts of a kind of event per business date; followed asynchronously."""

    pk = models.CompositePrimaryKey("shard", "effective_date", "topic", "currency")
    shard = models.SmallIntegerField()
    effective_date = models.DateField()
    topic = models.TextField()
    currency = models.CharField(max_length=3)
    events = models.BigIntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "portfolio_day"
