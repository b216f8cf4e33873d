"""What happens to a loan, as dated facts that may arrive in any order.

Owns: one frozen record for each kind of fact, with its value date, the caller's identifier and sequence
number, and the order of kinds within a day.
Refuses to know: what a fact leads to. Nothing here is a result: no split, no interest, no status.
Within a day: changes of rates, payouts, new plans, charges, waivers, money, and at the end decisions about
the whole loan; facts of one kind in the order of their sequence numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from ledger.domain.plans.terms import PlanTerms


class PaymentKind(StrEnum):
    """What a payment is; the terms may give each kind an order of its own."""

    INSTALMENT = "instalment"
    EARLY = "early"
    PARTIAL = "partial"
    PAYOFF = "payoff"
    AUTO_DEBIT = "auto_debit"
    LINKED_ACCOUNT = "linked_account"
    AT_DISBURSEMENT = "at_disbursement"
    DOWN_PAYMENT = "down_payment"
    MERCHANT_REFUND = "merchant_refund"
    PAYOUT_REFUND = "payout_refund"
    GOODWILL_CREDIT = "goodwill_credit"
    INSURANCE = "insurance"


class Instruction(StrEnum):
    """What the payer wants done with money beyond everything due."""

    NONE = "none"  # kept as an overpayment until the next due date
    SHORTEN = "shorten"  # principal, and fewer rows
    REDUCE = "reduce"  # principal, and smaller rows
    NEXT = "next"  # the next rows, as they are planned
    LAST = "last"  # the principal of the last rows


class ChangeKind(StrEnum):
    """Why rows are planned again."""

    DEFERRAL = "deferral"
    RESTRUCTURE = "restructure"
    RE_AGE = "re_age"
    RE_AMORTISE = "re_amortise"


class OpenInterest(StrEnum):
    """What becomes of interest that a new plan finds unpaid."""

    CARRIED = "carried"  # due with the first new row
    CAPITALISED = "capitalised"
    FORGIVEN = "forgiven"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What every fact has: ``sequence`` orders facts of one kind and day, ``id`` is what others refer to."""

    day_order: ClassVar[int] = 0
    id: str
    effective_date: date
    sequence: int


@dataclass(frozen=True, kw_only=True)
class RateChanged(Fact):
    """Another contract rate from the start of the day."""

    rate_e8: int


@dataclass(frozen=True, kw_only=True)
class InterestPaused(Fact):
    """No interest from the day until a day; penalties go on."""

    until: date


@dataclass(frozen=True, kw_only=True)
class PromotionGranted(Fact):
    """Only a share of the rate from the day on, until a day if one is named."""

    share_e8: int
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class PromotionEnded(Fact):
    """The full rate again from the day on."""

    of: str


@dataclass(frozen=True, kw_only=True)
class Disbursed(Fact):
    """Money was paid out, all of it or a part."""

    day_order: ClassVar[int] = 1
    amount_minor: int


@dataclass(frozen=True, kw_only=True)
class PlanChanged(Fact):
    """What is to come (and what is overdue, if taken) is repaid by new terms from the day on.

    The principal of ``terms`` is what is found outstanding. A revolving loan has no plan: its open draws
    fall due on ``due_on`` instead.
    """

    day_order: ClassVar[int] = 2
    change: ChangeKind
    terms: PlanTerms | None = None
    due_on: date | None = None
    takes_overdue: bool = False
    interest: OpenInterest = OpenInterest.CARRIED


@dataclass(frozen=True, kw_only=True)
class ChargeAdded(Fact):
    """A fee falls due on ``due_on``; a late fee only as far as the ceiling on all charges leaves room."""

    day_order: ClassVar[int] = 3
    due_on: date
    amount_minor: int
    is_late_fee: bool = False


@dataclass(frozen=True, kw_only=True)
class ChargeWaived(Fact):
    """What is unpaid of a charge is not asked for; all of it unless an amount is named."""

    day_order: ClassVar[int] = 4
    of: str
    amount_minor: int | None = None


@dataclass(frozen=True, kw_only=True)
class ChargeAdjusted(Fact):
    """A charge was too high: what is unpaid falls away, what was paid repays the loan."""

    day_order: ClassVar[int] = 4
    of: str
    amount_minor: int


@dataclass(frozen=True, kw_only=True)
class InterestWaived(Fact):
    """Interest earned so far is not asked for."""

    day_order: ClassVar[int] = 4
    amount_minor: int | None = None


@dataclass(frozen=True, kw_only=True)
class PenaltyWaived(Fact):
    """Penalty, then compound interest, earned so far is not asked for."""

    day_order: ClassVar[int] = 4
    amount_minor: int | None = None


@dataclass(frozen=True, kw_only=True)
class PaymentReceived(Fact):
    """Money towards the loan, by its value date."""

    day_order: ClassVar[int] = 5
    amount_minor: int
    payment: PaymentKind = PaymentKind.INSTALMENT
    instruction: Instruction = Instruction.NONE


@dataclass(frozen=True, kw_only=True)
class Recovered(Fact):
    """Money for a loan that is off the books."""

    day_order: ClassVar[int] = 5
    amount_minor: int


@dataclass(frozen=True, kw_only=True)
class Refunded(Fact):
    """An overpayment was paid back; what goes beyond it is owed again at once."""

    day_order: ClassVar[int] = 6
    amount_minor: int


@dataclass(frozen=True, kw_only=True)
class Chargeback(Fact):
    """The payer's bank took money back: what the payment had settled is owed again at once."""

    day_order: ClassVar[int] = 6
    of: str
    amount_minor: int


@dataclass(frozen=True, kw_only=True)
class Accelerated(Fact):
    """Everything to come falls due on ``due_on``."""

    day_order: ClassVar[int] = 7
    due_on: date


@dataclass(frozen=True, kw_only=True)
class NonAccrualStarted(Fact):
    """Interest is no longer taken as income, by decision."""

    day_order: ClassVar[int] = 7


@dataclass(frozen=True, kw_only=True)
class NonAccrualEnded(Fact):
    """Interest is income again."""

    day_order: ClassVar[int] = 7


@dataclass(frozen=True, kw_only=True)
class ChargedOff(Fact):
    """The loan leaves the books; the claim stays."""

    day_order: ClassVar[int] = 8


@dataclass(frozen=True, kw_only=True)
class WrittenOff(Fact):
    """What is left is given up."""

    day_order: ClassVar[int] = 8


@dataclass(frozen=True, kw_only=True)
class SettledAtDiscount(Fact):
    """What was paid is enough; what is left is given up by agreement."""

    day_order: ClassVar[int] = 8


@dataclass(frozen=True, kw_only=True)
class Sold(Fact):
    """A buyer has the claim from the day on, for a price; ``buyer`` is a reference and no part of a figure."""

    day_order: ClassVar[int] = 8
    price_minor: int
    buyer: str


@dataclass(frozen=True, kw_only=True)
class Reversal(Fact):
    """From its own value date on, the loan is as if another fact had never been."""

    day_order: ClassVar[int] = 9
    of: str


@dataclass(frozen=True, kw_only=True)
class PaymentReversed(Reversal):
    """A payment bounced."""


@dataclass(frozen=True, kw_only=True)
class DisbursementReversed(Reversal):
    """A payout came back."""


@dataclass(frozen=True, kw_only=True)
class ChargeOffUndone(Reversal):
    """The loan is back on the books."""


@dataclass(frozen=True, kw_only=True)
class SaleUndone(Reversal):
    """The buyer gave the loan back and got the price back."""


@dataclass(frozen=True, kw_only=True)
class ChangeUndone(Reversal):
    """A new plan, an acceleration, a rate, a pause or a waiver was a mistake."""
