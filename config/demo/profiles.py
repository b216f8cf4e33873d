"""What kinds of borrowers the demonstration has, and what each does with money.

Owns: the mix, as a table. Refuses to know: dates, amounts and the books.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A kind of borrower. Shares of turnover are in percent of the monthly average."""

    name: str
    share_percent: int
    # How much of the turnover arrives on the accounts that the lender sees.
    income_percent: int
    draws_per_mille: int
    # How often the borrower repays without being asked, in part or all of it.
    early_per_mille: int = 0
    # Money arrives on another account than the one that pays: only a deduction finds it.
    uses_other_account: bool = False
    # While something is overdue, nothing arrives for so many days.
    withholds_days: tuple[int, int] = (0, 0)
    # From this day of the demonstration on nothing arrives any more.
    gives_up_after_days: tuple[int, int] | None = None


PROFILES = (
    Profile(name="good", share_percent=46, income_percent=24, draws_per_mille=50, early_per_mille=8),
    Profile(name="early", share_percent=16, income_percent=40, draws_per_mille=60, early_per_mille=60),
    Profile(name="partial", share_percent=11, income_percent=5, draws_per_mille=40),
    Profile(name="late", share_percent=10, income_percent=24, draws_per_mille=45, withholds_days=(2, 12)),
    Profile(name="careless", share_percent=9, income_percent=24, draws_per_mille=45, uses_other_account=True),
    Profile(
        name="defaulting",
        share_percent=8,
        income_percent=10,
        draws_per_mille=120,
        gives_up_after_days=(10, 35),
    ),
)


def choose_profile(rng: Random) -> Profile:
    """Return a profile by its share."""
    return rng.choices(PROFILES, weights=[profile.share_percent for profile in PROFILES])[0]
