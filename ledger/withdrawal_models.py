"""The table of withdrawals.

Owns: its columns. Refuses to know: how a row comes to be; a projection writes it.
"""

from __future__ import annotations

from django.db import models


class Withdrawal(models.Model):
    """Money of a settlement account on its way to the borrower's bank, and what the bank answered.

    ``reference`` is the one under which the bank is asked to pay; a reference is paid at most once.
    """

    reference = models.TextField(primary_key=True)
    shard = models.SmallIntegerField()
    account_id = models.UUIDField(db_index=True)
    entity_id = models.UUIDField(db_index=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    status = models.TextField()
    requested_on = models.DateField()
    decided_on = models.DateField(null=True)
    bank_reference = models.TextField(default="")
    reason = models.TextField(default="")

    class Meta:
        db_table = "withdrawal"

    def __str__(self) -> str:
        return f"withdrawal {self.reference}"
