"""A fact about a loan as somebody reports it in JSON, and the way from there to the command.

Owns: the meaning, notation and bounds of every field. Amounts and rates are text.
Refuses to know: which fields a kind has (``domain.loan_fact_fields``), what a fact leads to, who may report it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from ledger.calculators.fields import Amount, Choice, CurrencyCode, Day, Kind, Name, Rate, Switch, Whole
from ledger.calculators.refusals import InputFieldInvalid
from ledger.calculators.shapes import Field, Shape
from ledger.commands.record_loan_fact import RecordLoanFact, moves_cash
from ledger.domain.contract.new_plan import repayment_of, require_plannable
from ledger.domain.contract.repayment_terms import RepaymentTerms
from ledger.domain.loan_fact_fields import REPORTED, require_fields
from ledger.domain.loan_record import FactKind, NewPlan
from ledger.domain.loan_state import LoanState
from ledger.domain.servicing import facts as kinds
from ledger.kernel.money import CurrencyMismatch
from ledger.kernel.rates import RATE_UNIT
from ledger.models import Loan, Repayment
from ledger.policies.product_terms import STEPS_MAX, public_name
from ledger.product_fields import REPAYMENT

REASON_LENGTH_MAX: Final = 200


@dataclass(frozen=True)
class Identifier(Kind):
    """An identifier in its usual notation."""

    def read(self, value: Any, *, path: str, currency: str) -> UUID:
        """Refuse everything that is not one."""
        del currency
        try:
            return UUID(value)
        except (AttributeError, TypeError, ValueError) as error:
            raise InputFieldInvalid("This is an identifier.", field=path) from error

    def schema(self) -> dict[str, Any]:
        """Describe the text."""
        return {"type": "string", "format": "uuid"}


PLAN: Final = Shape(
    {
        "annual_rate": Field(Rate(RATE_UNIT), "The rate of the new plan."),
        "term": Field(Whole(1, STEPS_MAX), "How many rows it has."),
        "repayment": Field(REPAYMENT, "Its conventions; those of the loan if not given.", default=None),
    }
)
_COMMON: Final = {
    "kind": Field(Choice(tuple(kind.value for kind in REPORTED)), "What happened."),
    "reason": Field(Name(REASON_LENGTH_MAX), "Why; kept for ever, so without names or documents."),
}
_OF_KINDS: Final = {
    "value_date": Field(
        Day(), "From when it counts; from the open business date, if not given.", default=None
    ),
    "currency": Field(CurrencyCode(), "The currency of the amounts: the loan's.", default=None),
    "amount": Field(Amount(), "How much; a waiver without it is of everything.", default=None),
    "price": Field(Amount(), "What a buyer paid for the loan.", default=None),
    "buyer": Field(Name(), "Who bought the loan; a reference, without names of people.", default=None),
    "of": Field(Name(), "The fact it refers to, by its identifier.", default=None),
    "due_on": Field(Day(), "When a charge, or everything to come, falls due.", default=None),
    "until": Field(Day(), "The first day without a pause or promotion.", default=None),
    "annual_rate": Field(Rate(), "The new contract rate.", default=None),
    "share": Field(Rate(RATE_UNIT), "The part of the rate that is charged.", default=None),
    "late_fee": Field(Switch(), "Whether a charge counts towards the ceiling of arrears.", default=None),
    "payment": Field(Choice.of(kinds.PaymentKind), "What a payment is; an instalment.", default=None),
    "instruction": Field(
        Choice.of(kinds.Instruction), "What money beyond everything due is for.", default=None
    ),
    "source_account_id": Field(
        Identifier(), "The account that pays; the loan's own, if not given.", default=None
    ),
    "change": Field(Choice.of(kinds.ChangeKind), "Why it is planned again.", default=None),
    "plan": Field(PLAN, "The new plan; its principal is what is found outstanding.", default=None),
    "takes_overdue": Field(Switch(), "Whether overdue rows are planned again as well.", default=None),
    "open_interest": Field(
        Choice.of(kinds.OpenInterest), "What becomes of unpaid interest; it is carried.", default=None
    ),
}
FACT: Final = Shape({**_COMMON, **_OF_KINDS})
_NAMES: Final = {
    "amount": "amount_minor",
    "price": "price_minor",
    "annual_rate": "rate_e8",
    "share": "share_e8",
    "late_fee": "is_late_fee",
    "open_interest": "interest",
}


@dataclass(frozen=True, kw_only=True)
class ReportedFact:
    """A report whose fields fit its kind. ``details`` go by the names of the command."""

    kind: FactKind
    reason: str
    value_date: date | None
    source_account_id: UUID | None
    details: dict[str, Any]
    plan: NewPlan | None

    def command(self, row: Loan) -> RecordLoanFact:
        """Return the command; money moves on the loan's own account unless another one is concerned."""
        source = self.source_account_id
        if source is None and moves_cash(self.kind, self.details.get("payment")):
            source = row.account_id
        concerned = {row.account_id, source, _payer(row.id, self.details.get("of"))} - {None}
        return RecordLoanFact(
            loan_id=row.id,
            line_id=row.line_id,
            kind=self.kind,
            account_ids=tuple(sorted(account for account in concerned if account)),
            source_account_id=source,
            value_date=self.value_date,
            reason=self.reason,
            plan=self.plan,
            **self.details,
        )


def reported_fact(body: Any, *, loan: LoanState, path: str = "") -> ReportedFact:
    """Return the report. Refuses a field by its name, CurrencyMismatch and NewPlanUnsound."""
    currency = loan.contract.currency
    # A null is an absent field, as everywhere in the calculators' notation.
    said = (
        {name: value for name, value in body.items() if value is not None} if isinstance(body, dict) else body
    )
    values = FACT.read(said, path=path.removesuffix("."), currency=currency)
    kind = FactKind(values["kind"])
    given = [name for name, value in values.items() if value is not None]
    require_fields(kind, given, is_revolving=loan.contract.is_revolving, path=path)
    if values["currency"] not in (None, currency):
        raise CurrencyMismatch(f"The loan is in {currency}.", field=f"{path}currency")
    aside = {"kind", "reason", "value_date", "currency", "source_account_id", "plan"}
    return ReportedFact(
        kind=kind,
        reason=values["reason"],
        value_date=values["value_date"],
        source_account_id=values["source_account_id"],
        details={_NAMES.get(name, name): values[name] for name in given if name not in aside},
        plan=_new_plan(values["plan"], loan, path) if values["plan"] else None,
    )


def _new_plan(values: Mapping[str, Any], loan: LoanState, path: str) -> NewPlan:
    repayment = repayment_of(loan.contract, loan.conventions)
    if values["repayment"]:
        named = {one.name: values["repayment"][public_name(one.name)] for one in fields(RepaymentTerms)}
        repayment = msgspec.convert(
            {name: value for name, value in named.items() if value is not None}, RepaymentTerms
        )
    require_plannable(repayment, field_of=lambda name: f"{path}plan.repayment.{public_name(name)}")
    return NewPlan(repayment=repayment, annual_rate_e8=values["annual_rate"], term=values["term"])


def _payer(loan_id: UUID, payment_id: str | None) -> UUID | None:
    """Return the account that paid, where a fact refers to a payment."""
    found = Repayment.objects.filter(loan_id=loan_id, payment_id=payment_id or "").first()
    return found.source_account_id if found else None
