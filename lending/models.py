"""Tables of lending: read models of entities, applications and lines; order evidence; memberships.

Owns: columns, keys and constraints. Refuses to know: how a row comes to be. Read models are
written by projections; order lines and memberships are data of their own, not derived from events.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Index, Q, UniqueConstraint

LIVE_APPLICATION_STATUSES = ("submitted",)


class LegalEntity(models.Model):
    """A borrower: one legal person that may trade through many shop accounts."""

    id = models.UUIDField(primary_key=True)
    shard = models.SmallIntegerField()
    reference = models.TextField(unique=True)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    registered_on = models.DateField()
    blacklisted_on = models.DateField(null=True)
    blacklist_reason = models.TextField(null=True)

    class Meta:
        db_table = "legal_entity"
        verbose_name_plural = "legal entities"

    def __str__(self) -> str:
        return self.reference


class ShopAccount(models.Model):
    """A shop account on a platform, linked to one entity."""

    id = models.UUIDField(primary_key=True)
    shard = models.SmallIntegerField()
    entity_id = models.UUIDField(db_index=True)
    platform = models.TextField()
    external_id = models.TextField()
    role = models.TextField()
    opened_on = models.DateField()
    consent_granted_on = models.DateField(null=True)
    linked_on = models.DateField()

    class Meta:
        db_table = "shop_account"
        constraints = [UniqueConstraint(fields=["platform", "external_id"], name="shop_account_once")]

    def __str__(self) -> str:
        return f"{self.platform}:{self.external_id}"


class SalesMonth(models.Model):
    """Turnover of one shop account in one calendar month, summed over the imports that named it."""

    pk = models.CompositePrimaryKey("account_id", "month")
    account_id = models.UUIDField()
    month = models.CharField(max_length=7)
    shard = models.SmallIntegerField()
    entity_id = models.UUIDField(db_index=True)
    orders = models.IntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "sales_month"


class OrderLine(models.Model):
    """One line of a seller's order as it was delivered to us: evidence, not a projection."""

    id = models.BigAutoField(primary_key=True)
    account_id = models.UUIDField()
    order_id = models.TextField()
    line = models.IntegerField()
    shipped_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    batch_id = models.UUIDField(db_index=True)

    class Meta:
        db_table = "order_line"
        constraints = [UniqueConstraint(fields=["account_id", "order_id", "line"], name="order_line_once")]


class OrderImport(models.Model):
    """One order file: what was taken and what was refused, line by line."""

    id = models.UUIDField(primary_key=True)
    file_name = models.TextField()
    file_sha256 = models.CharField(max_length=64)
    as_of = models.DateField()
    imported_at = models.DateTimeField(auto_now_add=True)
    lines = models.IntegerField()
    taken = models.IntegerField()
    refused = models.IntegerField()
    refusals = models.JSONField()

    class Meta:
        db_table = "order_import"

    def __str__(self) -> str:
        return f"{self.file_name} as of {self.as_of}"


class Application(models.Model):
    """A request for a credit line and what was decided."""

    id = models.UUIDField(primary_key=True)
    shard = models.SmallIntegerField()
    entity_id = models.UUIDField()
    status = models.TextField()
    currency = models.CharField(max_length=3)
    submitted_on = models.DateField()
    decided_on = models.DateField(null=True)
    limit_minor = models.BigIntegerField(null=True)
    reasons = models.JSONField(default=list)
    reapply_from = models.DateField(null=True)
    decision = models.JSONField(null=True)
    line_id = models.UUIDField(null=True)

    class Meta:
        db_table = "application"
        constraints = [
            UniqueConstraint(
                fields=["entity_id"],
                name="application_one_live_per_entity",
                condition=Q(status__in=LIVE_APPLICATION_STATUSES),
            )
        ]
        indexes = [Index(fields=["entity_id", "submitted_on"], name="application_entity")]

    def __str__(self) -> str:
        return f"application {self.id}"


class CreditLine(models.Model):
    """A revolving limit: what is granted, held and drawn."""

    id = models.UUIDField(primary_key=True)
    shard = models.SmallIntegerField()
    entity_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    limit_minor = models.BigIntegerField()
    reserved_minor = models.BigIntegerField(default=0)
    drawn_minor = models.BigIntegerField(default=0)
    status = models.TextField()
    blocked_reason = models.TextField(null=True)
    opened_on = models.DateField()

    class Meta:
        db_table = "credit_line"
        constraints = [
            UniqueConstraint(
                fields=["entity_id"], name="credit_line_one_per_entity", condition=~Q(status="closed")
            )
        ]

    def __str__(self) -> str:
        return f"credit line {self.id}"

    @property
    def available_minor(self) -> int:
        """What may still be drawn; nothing when the line is not active, never negative."""
        if self.status != "active":
            return 0
        return max(0, self.limit_minor - self.reserved_minor - self.drawn_minor)


class BlacklistEntry(models.Model):
    """One identity that may neither apply nor draw."""

    identity = models.TextField(primary_key=True)
    shard = models.SmallIntegerField()
    entity_id = models.UUIDField(db_index=True)
    listed_on = models.DateField()
    reason = models.TextField()

    class Meta:
        db_table = "blacklist_entry"
        verbose_name_plural = "blacklist entries"

    def __str__(self) -> str:
        return self.identity


class Membership(models.Model):
    """Which entity a signed-in borrower acts for."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="membership")
    entity_id = models.UUIDField(db_index=True)

    class Meta:
        db_table = "membership"

    def __str__(self) -> str:
        return f"{self.user} for {self.entity_id}"


class SandboxPayment(models.Model):
    """The memory of the sandbox bank: it stands in for a ledger that is not ours."""

    reference = models.TextField(primary_key=True)
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, null=True)
    account_token = models.TextField(null=True)
    outcome = models.TextField(null=True)
    bank_reference = models.TextField(null=True)
    reason = models.TextField(default="", blank=True)
    attempts = models.IntegerField(default=0)

    class Meta:
        db_table = "sandbox_payment"

    def __str__(self) -> str:
        return self.reference


# Django finds an app's models through this module.
from lending.debit_models import DebitAttempt  # noqa: E402, F401
from lending.debit_record_models import DebitRecord  # noqa: E402, F401
