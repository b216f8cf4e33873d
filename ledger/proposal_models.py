"""The table of proposals.

Owns: its columns. Refuses to know: how a row comes to be; a projection writes it.
"""

from __future__ import annotations

from django.db import models


class Proposal(models.Model):
    """A fact that gives money away: proposed by one person, decided on by another one."""

    id = models.UUIDField(primary_key=True)
    shard = models.SmallIntegerField()
    entity_id = models.UUIDField(db_index=True)
    loan_id = models.UUIDField(db_index=True)
    line_id = models.UUIDField()
    account_ids = models.JSONField()
    kind = models.TextField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField(null=True)
    value_date = models.DateField()
    reason = models.TextField()
    fact = models.JSONField()
    effect = models.JSONField()
    fingerprint = models.TextField()
    status = models.TextField()
    proposed_by = models.TextField()
    proposed_on = models.DateField()
    decided_by = models.TextField(null=True)
    decided_on = models.DateField(null=True)
    decision_reason = models.TextField(default="")
    fact_id = models.TextField(null=True)

    class Meta:
        db_table = "proposal"

    def __str__(self) -> str:
        return f"proposal {self.id}"
