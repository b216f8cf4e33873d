"""What is believed of a loan that was lived in other books.

Owns: that its facts are told in value order, that none has a name the books give themselves, and that each
could have happened to the loan as it stood on the fact's own day.
Refuses to know: where it was lived, what it comes to on the open date, and balances told along with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from ledger.domain.loan_chart import require_permitted
from ledger.domain.loan_record import FactKind, RecordedFact, recorded
from ledger.domain.loan_recording import STATUS
from ledger.domain.loan_rules import require_sound, require_value_date
from ledger.domain.loan_state import LoanState
from ledger.domain.servicing.payments import FROM_OVERPAYMENT
from ledger.domain.servicing.unfolding import Unfolding
from ledger.kernel.refusals import Refusal, RefusalKind


class FactOutOfOrder(Refusal):
    """The facts of a loan that is taken over are told in the order of their value dates."""

    code = "LEDGER_FACT_OUT_OF_ORDER"
    kind = RefusalKind.INVALID


class FactNameTaken(Refusal):
    """A fact is not named like a row of a plan (1/3, 1/3e) or like the use of an overpayment."""

    code = "LEDGER_FACT_NAME_TAKEN"
    kind = RefusalKind.INVALID


# Charges and what is owed again are rows by the name of their fact, and payments are uses by theirs: where two
# have one name, only one of them is kept.
_NAMES_OF_BOOKS: Final = re.compile(rf"[0-9]+/[0-9]+e*|{FROM_OVERPAYMENT}:.*")


def payout_of(state: LoanState, *, on: date, origin: str) -> RecordedFact:
    """Return the payout of the whole principal in other books."""
    return recorded(
        FactKind.DISBURSED,
        fact_id="payout",
        value_date=on,
        reason=origin,
        amount_minor=state.principal_minor,
    )


def require_lived(state: LoanState, facts: Sequence[RecordedFact], *, open_date: date) -> None:
    """Refuse a life that could not have been: the payout comes first, and then the facts one by one.

    Refuses FactNameTaken, FactOutOfOrder, ValueDateAhead, ValueDateBeforePayout, FactRepeated, and what the
    chart, the rules of facts and a derivation refuse. The refusal names the fact.
    """
    told, life = state.copy(), None
    for number, fact in enumerate(facts, start=1):
        try:
            life = _live(told, life, fact, number=number, open_date=open_date)
        except Refusal as refusal:
            refusal.details.setdefault("id", fact.id)
            raise
        told.facts.append((number, fact))


def _live(
    told: LoanState, life: Unfolding | None, fact: RecordedFact, *, number: int, open_date: date
) -> Unfolding:
    on, known = fact.value_date, fact.as_fact(sequence=number)
    _require_free_name(fact.id)
    require_value_date(told, value_date=on, open_date=open_date)
    if life is None:
        told.disbursed_on = on
        life = Unfolding(told.servicing_terms, [known])
        life.position(on)  # refuses a payout that cannot be planned
        return life
    if on < told.facts[-1][1].value_date:
        raise FactOutOfOrder("The fact lies before the one that was told last.", field="value_date")
    before = life.position(on)
    require_permitted(status=STATUS[before.status], command=fact.kind.value)
    require_sound(told, fact, before=before, after=life.with_fact(known))
    life.tell(known)
    return life


def _require_free_name(name: str) -> None:
    if _NAMES_OF_BOOKS.fullmatch(name):
        raise FactNameTaken(
            "The books give this name to a row of a plan or to the use of an overpayment.", field="fact"
        )
