"""Tables of the books: the event store, the journal, and the read models that projections write.

Owns: columns, keys and constraints. Refuses to know: how a row comes to be; every row is written
by the event store's functions or by a projection, never through these classes.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint


class EsShard(models.Model):
    """One of 256 logical shards: its last position and the business date that is open in it."""

    shard = models.SmallIntegerField(primary_key=True)
    pos = models.BigIntegerField(default=0)
    open_date = models.DateField(null=True)
    closed_through = models.DateField(null=True)

    class Meta:
        db_table = "es_shard"


class EsClock(models.Model):
    """The latest time the books have seen, in one row: no event is recorded before it."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "es_clock"
        constraints = [CheckConstraint(condition=Q(id=1), name="es_clock_one_row")]


class EsEvent(models.Model):
    """A fact. Never updated, never deleted; position is gapless within its shard."""

    pk = models.CompositePrimaryKey("shard", "originator_id", "originator_version")
    shard = models.SmallIntegerField()
    originator_id = models.UUIDField()
    originator_version = models.IntegerField()
    pos = models.BigIntegerField()
    topic = models.TextField()
    effective_date = models.DateField()
    recorded_at = models.DateTimeField()
    meta = models.JSONField()
    state = models.JSONField()
    hash = models.BinaryField()

    class Meta:
        db_table = "es_event"
        constraints = [UniqueConstraint(fields=["shard", "pos"], name="es_event_position")]


class EsSnapshot(models.Model):
    """The latest state of a hot aggregate, and the row that is locked to change it. Disposable."""

    originator_id = models.UUIDField(primary_key=True)
    shard = models.SmallIntegerField()
    version = models.IntegerField()
    schema_version = models.SmallIntegerField()
    state = models.JSONField()

    class Meta:
        db_table = "es_snapshot"


class EsCommand(models.Model):
    """What was answered to a principal's idempotency key; kept as long as the books."""

    pk = models.CompositePrimaryKey("principal", "key")
    principal = models.TextField()
    key = models.TextField()
    fingerprint = models.BinaryField()
    command = models.TextField()
    outcome = models.JSONField()
    shard = models.SmallIntegerField()
    recorded_at = models.DateTimeField()
    hash = models.BinaryField()

    class Meta:
        db_table = "es_command"


class EsOutbox(models.Model):
    """Something to do outside the books, written in the transaction that decided it."""

    class State(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        DEAD = "dead"

    id = models.TextField(primary_key=True)  # kind:reference, so that one thing is asked for once
    shard = models.SmallIntegerField()
    kind = models.TextField()
    reference = models.TextField()
    payload = models.JSONField()
    state = models.TextField(choices=State.choices)
    attempts = models.IntegerField()
    next_attempt_at = models.DateTimeField()
    created_at = models.DateTimeField()
    last_error = models.TextField(null=True)

    class Meta:
        db_table = "es_outbox"
        verbose_name = "outbox message"
        indexes = [
            Index(fields=["kind", "next_attempt_at"], name="es_outbox_due", condition=Q(state="pending"))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class EsCursor(models.Model):
    """How far a follower has come in a shard."""

    pk = models.CompositePrimaryKey("name", "shard")
    name = models.TextField()
    shard = models.SmallIntegerField()
    pos = models.BigIntegerField(default=0)

    class Meta:
        db_table = "es_cursor"


class GlAccount(models.Model):
    """The chart of accounts as data."""

    code = models.CharField(primary_key=True, max_length=8)
    name = models.TextField()
    account_type = models.TextField()
    normal_side = models.CharField(max_length=1)

    class Meta:
        db_table = "gl_account"
        verbose_name = "ledger account"
        constraints = [CheckConstraint(condition=Q(normal_side__in=["D", "C"]), name="gl_account_side")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class JournalEntry(models.Model):
    """The accounting consequence of one event."""

    pk = models.CompositePrimaryKey("posting_date", "shard", "pos")
    posting_date = models.DateField()
    shard = models.SmallIntegerField()
    pos = models.BigIntegerField()
    effective_date = models.DateField()
    topic = models.TextField()
    originator_id = models.UUIDField()
    value_date = models.DateField()

    class Meta:
        db_table = "journal_entry"
        verbose_name_plural = "journal entries"
        constraints = [UniqueConstraint(fields=["shard", "pos"], name="journal_entry_once_per_event")]


class JournalLine(models.Model):
    """One debit or credit; positive, in one currency."""

    pk = models.CompositePrimaryKey("posting_date", "shard", "pos", "line_no")
    posting_date = models.DateField()
    shard = models.SmallIntegerField()
    pos = models.BigIntegerField()
    line_no = models.SmallIntegerField()
    account = models.CharField(max_length=8)
    side = models.CharField(max_length=1)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    entity_id = models.UUIDField(null=True)
    loan_id = models.UUIDField(null=True)
    settlement_account_id = models.UUIDField(null=True)
    funder = models.TextField(default="own")
    product_code = models.TextField(default="", db_default="")

    class Meta:
        db_table = "journal_line"
        constraints = [
            CheckConstraint(condition=Q(amount_minor__gt=0), name="journal_line_amount_positive"),
            CheckConstraint(condition=Q(side__in=["D", "C"]), name="journal_line_side"),
            CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="journal_line_currency"),
        ]
        indexes = [
            Index(fields=["loan_id"], name="journal_line_loan", condition=Q(loan_id__isnull=False)),
            Index(
                fields=["settlement_account_id"],
                name="journal_line_settlement",
                condition=Q(settlement_account_id__isnull=False),
            ),
        ]


class Loan(models.Model):
    """One drawdown as it stands now."""

    id = models.UUIDField(primary_key=True)
    shard = models.SmallIntegerField()
    entity_id = models.UUIDField(db_index=True)
    line_id = models.UUIDField()
    account_id = models.UUIDField()
    product_code = models.TextField()
    product_version = models.IntegerField()
    method = models.TextField()
    currency = models.CharField(max_length=3)
    principal_minor = models.BigIntegerField()
    outstanding_minor = models.BigIntegerField()
    status = models.TextField()
    requested_on = models.DateField()
    disbursed_on = models.DateField(null=True)
    maturity_on = models.DateField(null=True)
    overdue_since = models.DateField(null=True)
    next_due_on = models.DateField(null=True)
    settled_on = models.DateField(null=True)
    schedule_version = models.IntegerField(default=0)
    grace_days = models.IntegerField(default=0)
    overpaid_minor = models.BigIntegerField(default=0)
    category = models.TextField(default="normal")
    non_accrual_since = models.DateField(null=True)
    charged_off_on = models.DateField(null=True)
    wakes_on = models.DateField(null=True)  # the next day on which something happens by itself

    class Meta:
        db_table = "loan"
        indexes = [
            Index(fields=["line_id"], name="loan_overdue_of_line", condition=Q(status="overdue")),
            Index(fields=["shard"], name="loan_overdue", condition=Q(status="overdue")),
            Index(
                fields=["shard", "next_due_on"], name="loan_next_due", condition=Q(next_due_on__isnull=False)
            ),
            Index(fields=["shard", "wakes_on"], name="loan_wakes", condition=Q(wakes_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"loan {self.id}"


class ProductVersion(models.Model):
    """One version of a product as it was saved; shipped versions stand here once they are adopted."""

    pk = models.CompositePrimaryKey("code", "version")
    code = models.TextField()
    version = models.IntegerField()
    title = models.TextField()
    method = models.TextField()
    effective_from = models.DateField()
    saved_on = models.DateField()
    terms = models.JSONField()

    class Meta:
        db_table = "product_version"


class ProductRetirement(models.Model):
    """A product that is not offered any more."""

    code = models.TextField(primary_key=True)
    retired_from = models.DateField()
    reason = models.TextField()

    class Meta:
        db_table = "product_retirement"


class Instalment(models.Model):
    """A row of what a loan owes and what became of it: of its plan, a draw, a charge, or owed again.

    ``name`` is the row's own; version and number place it in a plan.
    """

    pk = models.CompositePrimaryKey("loan_id", "name")
    loan_id = models.UUIDField()
    name = models.TextField()
    kind = models.TextField()
    schedule_version = models.IntegerField()
    number = models.IntegerField()
    shard = models.SmallIntegerField()
    period_start = models.DateField()
    due_on = models.DateField()
    opening_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    interest_minor = models.BigIntegerField()
    principal_minor = models.BigIntegerField()
    paid_fee_minor = models.BigIntegerField()
    paid_penalty_minor = models.BigIntegerField()
    paid_compound_minor = models.BigIntegerField()
    paid_interest_minor = models.BigIntegerField()
    paid_principal_minor = models.BigIntegerField()
    waived_fee_minor = models.BigIntegerField()
    waived_penalty_minor = models.BigIntegerField()
    waived_compound_minor = models.BigIntegerField()
    waived_interest_minor = models.BigIntegerField()
    waived_principal_minor = models.BigIntegerField()
    overdue_since = models.DateField(null=True)
    penalised_on = models.DateField(null=True)
    paid_on = models.DateField(null=True)
    superseded_by = models.IntegerField(null=True)

    class Meta:
        db_table = "instalment"


class Repayment(models.Model):
    """A payment on a loan, split by component as it is used by what is known now.

    ``payment_id`` is what others refer to and never changes; ``sequence`` is the event that recorded it.
    A reversed payment keeps the split it had.
    """

    pk = models.CompositePrimaryKey("loan_id", "payment_id")
    loan_id = models.UUIDField()
    payment_id = models.TextField()
    sequence = models.IntegerField()
    shard = models.SmallIntegerField()
    entity_id = models.UUIDField(db_index=True)
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
        db_table = "repayment"


class SettlementAccount(models.Model):
    """Money the lender holds for one shop account of a borrower."""

    id = models.UUIDField(primary_key=True)
    shard = models.SmallIntegerField()
    entity_id = models.UUIDField(db_index=True)
    currency = models.CharField(max_length=3)
    balance_minor = models.BigIntegerField(default=0)
    reserved_minor = models.BigIntegerField(default=0)

    class Meta:
        db_table = "settlement_account"
        constraints = [
            CheckConstraint(condition=Q(balance_minor__gte=0), name="settlement_account_not_negative")
        ]

    def __str__(self) -> str:
        return f"settlement account {self.id}"


class Receipt(models.Model):
    """Money that arrived through a channel, and what the channel took back of it; each happens once."""

    pk = models.CompositePrimaryKey("channel", "reference")
    channel = models.TextField()
    reference = models.TextField()
    shard = models.SmallIntegerField()
    account_id = models.UUIDField(db_index=True)
    effective_date = models.DateField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    value_date = models.DateField()
    returned_on = models.DateField(null=True)
    returned_minor = models.BigIntegerField(default=0)
    return_reference = models.TextField(null=True)

    class Meta:
        db_table = "receipt"
        constraints = [
            CheckConstraint(
                condition=Q(returned_minor__lte=F("amount_minor")),
                name="receipt_returned_no_more_than_arrived",
            ),
            UniqueConstraint(fields=["channel", "return_reference"], name="receipt_return_reference_once"),
        ]


# Django finds an app's models through this module, those over views included.
from ledger.accrual_models import AccrualRow, AccrualRun, AccrualSegment  # noqa: E402, F401
from ledger.book_models import PeriodClose, ProductFunding, Provision  # noqa: E402, F401
from ledger.day_close_models import DayClose, DayCloseProblem, DayCloseRun  # noqa: E402, F401
from ledger.portfolio_models import PortfolioDay  # noqa: E402, F401
from ledger.proposal_models import Proposal  # noqa: E402, F401
from ledger.record_models import (  # noqa: E402, F401
    DayRecord,
    EventRecord,
    JournalRecord,
    ReceiptRecord,
    RepaymentRecord,
)
from ledger.withdrawal_models import Withdrawal  # noqa: E402, F401
