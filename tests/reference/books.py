"""The books of one loan, kept by double entry: every event posts, and time posts what was earned.

Money that arrives lies in suspense until it is used. While interest is not income it stands in a memo, and
is income when it is received. Once the loan has left the books every cent received is a recovery.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.reference.arithmetic import COMPOUND, FEE, INTEREST, PENALTY, PRINCIPAL

DEBIT = (
    "principal",
    "interest_receivable",
    "penalty_receivable",
    "fee_receivable",
    "waiver_expense",
    "goodwill_expense",
    "loss",
    "sale_price",
)
CREDIT = (
    "suspense_overpayment",
    "interest_income",
    "penalty_income",
    "fee_income",
    "recovery_income",
    "sale_gain",
    "settlement",
)
CLAIM_OF = {
    FEE: "fee_receivable",
    PENALTY: "penalty_receivable",
    COMPOUND: "penalty_receivable",
    INTEREST: "interest_receivable",
    PRINCIPAL: "principal",
}
INCOME_OF = {"interest_receivable": "interest_income", "penalty_receivable": "penalty_income"}
SUSPENSE, RECOVERY = "suspense_overpayment", "recovery_income"
# Claims against the price: what is left of it is a loss or a gain.
SALE = "sale"


@dataclass
class Books:
    """``balance`` is debits less credits of each account; ``memo`` is by the receivable it stands for."""

    balance: Counter[str] = field(default_factory=Counter)
    memo: Counter[str] = field(default_factory=Counter)
    earned: Counter[str] = field(default_factory=Counter)
    accrues: bool = True
    is_off: bool = False

    def post(self, debit: str, credit: str, amount: int) -> None:
        """Write one entry."""
        self.balance[debit] += amount
        self.balance[credit] -= amount

    def earn(self, totals: dict[str, int]) -> None:
        """Take in what has been earned in total by now, for each receivable."""
        for claim, total in totals.items():
            more, self.earned[claim] = total - self.earned[claim], total
            if self.is_off:
                continue
            if self.accrues:
                self.post(claim, INCOME_OF[claim], more)
            else:
                self.memo[claim] += more

    def settle(self, component: str, amount: int, by: str) -> None:
        """Take a claim away against an account: money in suspense, an expense, a loss, another claim."""
        claim = CLAIM_OF[component]
        if self.is_off:
            if by == SUSPENSE:
                self.post(SUSPENSE, RECOVERY, amount)
        elif self.accrues or claim not in INCOME_OF:
            self.post(by, claim, amount)
        else:
            self.memo[claim] -= amount
            # What was never income is no loss when it is given up or sold.
            if by not in ("waiver_expense", "loss", SALE):
                self.post(by, INCOME_OF[claim], amount)

    def owe_again(self, component: str, amount: int) -> None:
        """Pay money out for which a claim stands again."""
        claim = CLAIM_OF[component]
        if self.is_off:
            self.post(RECOVERY, "settlement", amount)
        elif self.accrues or claim not in INCOME_OF:
            self.post(claim, "settlement", amount)
        else:
            self.memo[claim] += amount
            self.post(INCOME_OF[claim], "settlement", amount)

    def income(self, account: str, amount: int) -> None:
        """Take money in suspense as income."""
        self.post(SUSPENSE, RECOVERY if self.is_off else account, amount)

    def charge(self, amount: int) -> None:
        """Ask for a fee."""
        if not self.is_off:
            self.post("fee_receivable", "fee_income", amount)

    def stop_accruing(self) -> None:
        """Turn interest and penalties that were not received from income into a memo."""
        if self.accrues and not self.is_off:
            for claim, income in INCOME_OF.items():
                self.memo[claim] += self.balance[claim]
                self.post(income, claim, self.balance[claim])
        self.accrues = False

    def accrue_again(self) -> None:
        """Take what stands in the memo as income."""
        if not self.accrues and not self.is_off:
            for claim, income in INCOME_OF.items():
                self.post(claim, income, self.memo[claim])
                self.memo[claim] = 0
        self.accrues = True

    def leave(self) -> None:
        """Take every claim off the books as a loss."""
        if not self.is_off:
            for claim in set(CLAIM_OF.values()):
                self.post("loss", claim, self.balance[claim])
            self.memo.clear()
        self.is_off = True

    def take_price(self, price: int) -> None:
        """Take what a buyer pays: for claims on the books, or as a recovery."""
        self.post("sale_price", RECOVERY if self.is_off else SALE, price)

    def balances(self, still_claimed: int) -> dict[str, int]:
        """Return each balance on its own side; ``still_claimed`` is what a loan off the books is owed."""
        shown = {name: self.balance[name] for name in DEBIT} | {name: -self.balance[name] for name in CREDIT}
        shown["loss"] += max(0, self.balance[SALE])
        shown["sale_gain"] = max(0, -self.balance[SALE])
        shown["memo_nonaccrual_interest"] = sum(self.memo.values())
        shown["memo_charged_off"] = still_claimed if self.is_off else 0
        return shown
