"""A line of facts.csv, read by its kind.

Owns: which columns hold the details of a kind and the terms of a new plan, and the fact a line tells.
Refuses to know: which loan it belongs to, and whether it can be true.
"""

from __future__ import annotations

from typing import Any, Final

from ledger.domain.contract.repayment_terms import ContractMethod
from ledger.domain.loan_record import FactKind, RecordedFact, details_of, recorded
from ledger.domain.plans.choices import Basis, GraceInterest, Level
from ledger.domain.servicing.facts import ChangeKind, Instruction, OpenInterest, PaymentKind
from ledger.kernel.day_count import DayCount
from ledger.kernel.frequencies import Unit
from ledger.loan_fact_reports import REASON_LENGTH_MAX
from ledger.policies.product_terms import STEPS_MAX
from lending.book_import.cells import Cells, LineNotTaken
from lending.domain.told_plan import ToldPlan

# The payout stands in loans.csv.
KINDS: Final = frozenset(kind.value for kind in FactKind if kind is not FactKind.DISBURSED)
_WORDS: Final = {
    "payment": frozenset(kind.value for kind in PaymentKind),
    "instruction": frozenset(one.value for one in Instruction),
    "change": frozenset(one.value for one in ChangeKind),
    "interest": frozenset(one.value for one in OpenInterest),
}
# Columns by the detail of a fact they hold.
_COLUMNS: Final = {"amount_minor": "amount", "price_minor": "price", "rate_e8": "rate", "share_e8": "share"}
_COMMON: Final = frozenset({"loan", "fact", "kind", "value_date", "reason"})
# Conventions of a new plan that a file may tell, as words or as counts; each stands in a column plan_.. of its own.
_PLAN_WORDS: Final = {
    "method": ContractMethod,
    "basis": Basis,
    "day_count": DayCount,
    "level": Level,
    "unit": Unit,
    "grace_interest": GraceInterest,
}
_PLAN_COUNTS: Final = ("every", "fixed_day", "grace_principal_rows", "grace_interest_rows")
PLAN_COLUMNS: Final = (
    "plan_rate",
    "plan_term",
    *(f"plan_{name}" for name in _PLAN_WORDS),
    *(f"plan_{name}" for name in _PLAN_COUNTS),
)


def fact_of(cells: Cells, *, currency: str) -> RecordedFact:
    """Return the fact of a line, without the new plan; a line that cannot be read as its kind is not taken."""
    kind = FactKind(cells.word("kind", KINDS))
    has, given = details_of(kind), {}
    for name, is_needed in has.items():
        column = _COLUMNS.get(name, name)
        if is_needed or cells.has(column):
            given[name] = _detail(cells, name, column, currency=currency)
    known = {*_COMMON, *(_COLUMNS.get(name, name) for name in has)}
    _require_known(cells, kind, known | set(PLAN_COLUMNS) if kind is FactKind.PLAN_CHANGED else known)
    return recorded(
        kind,
        fact_id=cells.text("fact"),
        value_date=cells.day("value_date"),
        reason=cells.text("reason", most=REASON_LENGTH_MAX) if cells.has("reason") else "",
        **given,
    )


def plan_of(cells: Cells, fact: RecordedFact) -> ToldPlan | None:
    """Return the new plan of a change; other kinds have none, nor have draws, which get another due date."""
    if fact.kind is not FactKind.PLAN_CHANGED:
        return None
    is_told = any(cells.has(column) for column in PLAN_COLUMNS)
    if is_told and cells.has("due_on"):
        raise LineNotTaken("detail_not_of_kind", "a new plan has no due_on", field="due_on")
    if not is_told and not cells.has("due_on"):
        sentence = "a new plan has plan_rate and plan_term; draws have due_on"
        raise LineNotTaken("value_missing", sentence, field="plan_rate")
    if not is_told:
        return None
    return ToldPlan(
        fact_id=fact.id,
        annual_rate_e8=cells.rate("plan_rate"),
        term=_term(cells),
        conventions=_conventions(cells),
    )


def _term(cells: Cells) -> int:
    term = cells.count("plan_term")
    if not 1 <= term <= STEPS_MAX:
        raise LineNotTaken("number_out_of_range", f"a plan has 1 to {STEPS_MAX} rows", field="plan_term")
    return term


def _conventions(cells: Cells) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, words in _PLAN_WORDS.items():
        column = f"plan_{name}"
        if cells.has(column):
            found[name] = words(cells.word(column, frozenset(word.value for word in words)))
    counts = (name for name in _PLAN_COUNTS if cells.has(f"plan_{name}"))
    return found | {name: cells.count(f"plan_{name}") for name in counts}


def _require_known(cells: Cells, kind: FactKind, known: set[str]) -> None:
    odd = {column for column, value in cells.values.items() if value} - known
    if odd:
        column = min(odd)
        raise LineNotTaken("detail_not_of_kind", f"{kind} has no {column}", field=column)


def _detail(cells: Cells, name: str, column: str, *, currency: str) -> Any:
    if name in ("amount_minor", "price_minor"):
        return cells.amount(column, currency=currency)
    if name in _WORDS:
        return cells.word(column, _WORDS[name])
    if name in ("due_on", "until"):
        return cells.day(column)
    if name in ("rate_e8", "share_e8"):
        return cells.rate(column)
    return cells.text(column) if name in ("of", "buyer") else cells.flag(column)
