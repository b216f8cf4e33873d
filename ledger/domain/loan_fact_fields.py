"""Which fields each kind of fact has: those it needs, and those it may have besides.

Owns: the table by which a report of a fact is judged before anything is derived, by the names people use.
Refuses to know: values, and who may report what. The payout is no report: the bank's answer records it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from ledger.domain.loan_record import FactKind
from ledger.kernel.refusals import Refusal, RefusalKind


class FactFieldMissing(Refusal):
    """A fact of this kind needs the field."""

    code = "LEDGER_FACT_FIELD_MISSING"
    kind = RefusalKind.INVALID


class FactFieldUnexpected(Refusal):
    """A fact of this kind has no such field."""

    code = "LEDGER_FACT_FIELD_UNEXPECTED"
    kind = RefusalKind.INVALID


Fields = tuple[tuple[str, ...], tuple[str, ...]]
FIELDS: Final[Mapping[FactKind, Fields]] = {
    FactKind.PAYMENT_RECEIVED: (("amount",), ("payment", "instruction", "source_account_id")),
    FactKind.PAYMENT_REVERSED: (("of",), ()),
    FactKind.DISBURSEMENT_REVERSED: (("of",), ()),
    FactKind.REFUNDED: (("amount",), ()),
    FactKind.CHARGEBACK: (("of", "amount"), ()),
    FactKind.CHARGE_ADDED: (("amount", "due_on"), ("late_fee",)),
    FactKind.CHARGE_WAIVED: (("of",), ("amount",)),
    FactKind.CHARGE_ADJUSTED: (("of", "amount"), ()),
    FactKind.INTEREST_WAIVED: ((), ("amount",)),
    FactKind.PENALTY_WAIVED: ((), ("amount",)),
    FactKind.RATE_CHANGED: (("annual_rate",), ()),
    FactKind.INTEREST_PAUSED: (("until",), ()),
    FactKind.PROMOTION_GRANTED: (("share",), ("until",)),
    FactKind.PROMOTION_ENDED: (("of",), ()),
    FactKind.PLAN_CHANGED: (("change",), ("plan", "due_on", "takes_overdue", "open_interest")),
    FactKind.CHANGE_UNDONE: (("of",), ()),
    FactKind.ACCELERATED: (("due_on",), ()),
    FactKind.NON_ACCRUAL_STARTED: ((), ()),
    FactKind.NON_ACCRUAL_ENDED: ((), ()),
    FactKind.CHARGED_OFF: ((), ()),
    FactKind.CHARGE_OFF_UNDONE: (("of",), ()),
    FactKind.WRITTEN_OFF: ((), ()),
    FactKind.RECOVERED: (("amount",), ("source_account_id",)),
    FactKind.SETTLED_AT_DISCOUNT: ((), ()),
    FactKind.SOLD: (("price", "buyer"), ()),
    FactKind.SALE_UNDONE: (("of",), ()),
}
REPORTED: Final = tuple(FIELDS)
# What every fact has, whatever its kind.
COMMON: Final = frozenset({"kind", "value_date", "reason", "currency"})


def require_fields(kind: FactKind, given: Collection[str], *, is_revolving: bool, path: str = "") -> None:
    """Check the names of the fields that were given. Refuses FactFieldMissing, FactFieldUnexpected."""
    needs, may_have = FIELDS[kind]
    if kind is FactKind.PLAN_CHANGED:
        # Open draws have no plan; they fall due together on another day.
        needs = (*needs, "due_on" if is_revolving else "plan")
        may_have = tuple(name for name in may_have if name != ("plan" if is_revolving else "due_on"))
    allowed = {*COMMON, *needs, *may_have}
    for name in given:
        if name not in allowed:
            raise FactFieldUnexpected(
                f"A fact of the kind {kind} has no such field.",
                field=f"{path}{name}",
                known=sorted(allowed),
            )
    names_money = "amount" in given or "price" in given
    for name in (*needs, *(["currency"] if names_money else [])):
        if name not in given:
            raise FactFieldMissing(f"A fact of the kind {kind} needs this field.", field=f"{path}{name}")
