"""Every fact that takes something back, against everything it could be said to take back, in every state.

A cell is the event, or one refusal by name with nothing changed. What was taken back once is not taken back
again, and a taking back is itself never taken back: whoever was wrong twice records the fact anew.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger.domain.loan_chart import LoanChargedOff, LoanGivenUp, LoanNotChargedOff
from ledger.domain.loan_record import FactKind
from ledger.domain.loan_rules import ChargebackAbovePayment
from ledger.domain.servicing.fact_order import FactReferenceUnknown, FactReversedTwice
from tests.unit.ledger.builders import START, disbursed_loan, due_on, record

PAID_ON = START + timedelta(days=2)
LATE = due_on(disbursed_loan(), 1) + timedelta(days=10)
TODAY = LATE + timedelta(days=5)
BACK = {
    "reversal": (FactKind.PAYMENT_REVERSED, {}),
    "part": (FactKind.CHARGEBACK, {"amount_minor": 4_000}),
    "undo of a change": (FactKind.CHANGE_UNDONE, {}),
    "undo of the end": (FactKind.CHARGE_OFF_UNDONE, {}),
}
ENDS = {"running": None, "charged off": FactKind.CHARGED_OFF, "written off": FactKind.WRITTEN_OFF}


def loan_in(state):
    """A loan with one of everything that can be taken back; ``gone`` and ``undone`` have been already."""
    loan = disbursed_loan()
    record(loan, FactKind.CHARGE_ADDED, START, fact_id="change", amount_minor=300, due_on=PAID_ON)
    record(loan, FactKind.CHARGE_ADDED, START, fact_id="undone", amount_minor=500, due_on=PAID_ON)
    record(loan, FactKind.CHANGE_UNDONE, START, fact_id="change taken back", of="undone")
    for name in ("payment", "gone", "charged back"):
        record(loan, FactKind.PAYMENT_RECEIVED, PAID_ON, fact_id=name, amount_minor=10_000)
    record(loan, FactKind.PAYMENT_REVERSED, PAID_ON, fact_id="payment taken back", of="gone")
    record(loan, FactKind.CHARGEBACK, PAID_ON, fact_id="chargeback", of="charged back", amount_minor=7_000)
    loan.catch_up(effective_date=LATE)
    if ENDS[state]:
        record(loan, ENDS[state], LATE, fact_id="end")
    loan.collect_events()
    return loan


UNKNOWN, TWICE, ABOVE = FactReferenceUnknown, FactReversedTwice, ChargebackAbovePayment
EVENT = None
TARGETS = (
    "payment", "gone", "payment taken back", "charged back", "chargeback",
    "change", "undone", "change taken back", "end", "payout", "nothing",
)  # fmt: skip
# By what takes back: one cell for each target, in the order above.
CELLS = {
    "running": {
        "reversal": (EVENT, TWICE, UNKNOWN, EVENT, EVENT, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
        "part": (EVENT, ABOVE, UNKNOWN, ABOVE, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
        "undo of a change": (
            UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, EVENT, TWICE, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN,
        ),
        "undo of the end": (LoanNotChargedOff,) * 11,
    },
    "charged off": {
        "reversal": (EVENT, TWICE, UNKNOWN, EVENT, EVENT, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
        "part": (EVENT, ABOVE, UNKNOWN, ABOVE, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
        "undo of a change": (LoanChargedOff,) * 11,
        "undo of the end": (
            UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, EVENT, UNKNOWN, UNKNOWN,
        ),
    },
    "written off": {
        "reversal": (EVENT, TWICE, UNKNOWN, EVENT, EVENT, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
        "part": (LoanGivenUp,) * 11,
        "undo of a change": (LoanGivenUp,) * 11,
        "undo of the end": (
            UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, EVENT, UNKNOWN, UNKNOWN,
        ),
    },
}  # fmt: skip
TABLE = [
    (state, back, target, cell)
    for state, rows in CELLS.items()
    for back, cells in rows.items()
    for target, cell in zip(TARGETS, cells, strict=True)
]


@pytest.mark.parametrize(("state", "back", "target", "refusal"), TABLE)
def test_taking_back(state, back, target, refusal):
    loan = loan_in(state)
    kind, details = BACK[back]
    before = loan.copy().state
    if refusal is EVENT:
        record(loan, kind, TODAY, of=target, **details)
        assert loan.pending_events[-1].fact.kind is kind
        assert loan.state.books.debits_less_credits == 0
        with pytest.raises((FactReversedTwice, ChargebackAbovePayment, LoanNotChargedOff)):
            record(
                loan, kind, TODAY, of=target, **{**details, **({"amount_minor": 6_001} if details else {})}
            )
        return
    with pytest.raises(refusal) as refused:
        record(loan, kind, TODAY, of=target, **details)
    assert type(refused.value) is refusal
    assert (loan.state, list(loan.pending_events)) == (before, [])


def test_every_way_of_taking_back_has_its_cells():
    assert set(CELLS) == set(ENDS)
    assert all(set(rows) == set(BACK) for rows in CELLS.values())
