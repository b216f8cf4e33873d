"""Debit attempts of a date over all shards, seen through a view that gives each attempt one key.

Owns: the columns of the view, which the admin lists. Refuses to know: how an attempt is made and counted.
"""

from __future__ import annotations

from django.db import models


class DebitRecord(models.Model):
    """One attempt of one date: how many loans were looked at, and what became of them."""

    id = models.TextField(primary_key=True)
    business_date = models.DateField()
    attempt = models.SmallIntegerField()
    planned_at = models.TextField()
    shards = models.IntegerField()
    due = models.IntegerField("loans looked at")
    collected = models.IntegerField("in full")
    in_part = models.IntegerField("in part")
    short = models.IntegerField("too little for the whole")
    without_money = models.IntegerField("nothing there")
    set_aside = models.IntegerField("set aside")
    taken_minor = models.JSONField(null=True)
    finished_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "record_debit_attempt"
        verbose_name = "debit attempt"
        ordering = ["-business_date", "-attempt"]

    def __str__(self) -> str:
        return f"debit of {self.business_date}, {self.planned_at}"
