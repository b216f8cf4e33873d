"""What other apps do in the same commit when a loan stands otherwise than it did.

Owns: the register, and telling how the principal owed moved. Refuses to know: credit lines and whoever else
listens; lending and collections register what they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ledger.domain.loan_account import LoanAccount
from ledger.eventstore.unit_of_work import UnitOfWork

# The work, the loan, and by how much more (or, below zero, less) principal is owed than before.
Reaction = Callable[[UnitOfWork, LoanAccount, int], None]
_REACTIONS: list[Reaction] = []


def reacts_to_loans(reaction: Reaction) -> Reaction:
    """Register what is done whenever a command has moved a loan."""
    _REACTIONS.append(reaction)
    return reaction


@contextmanager
def following(work: UnitOfWork, loan: LoanAccount, *, paid_out_minor: int = 0) -> Iterator[None]:
    """Have everybody react to what happens to a loan inside the block.

    ``paid_out_minor`` is principal that the block itself has counted as drawn.
    """
    before = loan.state.standing.outstanding_minor
    yield
    moved = loan.state.standing.outstanding_minor - before - paid_out_minor
    for reaction in _REACTIONS:
        reaction(work, loan, moved)
