"""What is asked of a loan next: a fact of any kind, by any value date, most of them possible.

Owns: the choice, from one ``random.Random``. Refuses to know: what becomes of it.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from tests.reference import facts as rules
from tests.reference.random_terms import METHODS
from tests.reference.terms import PlanTerms
from tests.twice.known import KnownLoan

WEIGHTS = {
    "payment": 20,
    "reversal": 14,
    "charge_added": 9,
    "charge_waived": 4,
    "charge_adjusted": 4,
    "interest_waived": 4,
    "penalty_waived": 4,
    "rate_changed": 4,
    "interest_paused": 2,
    "promotion_granted": 2,
    "promotion_ended": 2,
    "plan_changed": 5,
    "refunded": 5,
    "chargeback": 6,
    "recovered": 5,
    "accelerated": 2,
    "non_accrual_started": 2,
    "non_accrual_ended": 2,
    "charged_off": 3,
    "written_off": 1,
    "settled_at_discount": 1,
    "sold": 4,
    "disbursed": 1,
}
KINDS = (
    "instalment",
    "early",
    "partial",
    "payoff",
    "merchant_refund",
    "payout_refund",
    "goodwill_credit",
    "insurance",
)
INSTRUCTIONS = ("none", "none", "shorten", "reduce", "next", "last")
RATES = [Fraction(e8, 10**8) for e8 in (0, 5_000_000, 10_800_000, 14_400_000, 18_250_000, 24_000_000)]


class Asking:
    """The next request about one loan on a day; ``around`` is an amount of its size."""

    def __init__(self, chance: Random, loan: KnownLoan, today: date, around: int) -> None:
        self.chance, self.loan, self.today = chance, loan, today
        self.around = max(around, 1000)

    def next(self) -> tuple[str, date, dict[str, Any]]:
        """Return what is asked, by which value date, and what it says besides."""
        what = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        make = getattr(self, f"_{what}", None)
        if what == "reversal" or what in rules.SPEAKS_OF:
            return self._about(what)
        return what, (on := self.day()), make(on) if make else {}

    def day(self, after: date | None = None) -> date:
        """Return today more often than not, else a day of the past, seldom one that cannot be."""
        first, odd = after or self.loan.paid_out_on, self.chance.random()
        if odd < 0.02:
            return self.chance.choice((self.today + timedelta(1), self.loan.paid_out_on - timedelta(1)))
        if odd < 0.55 or first >= self.today:
            return self.today
        return max(first, self.today - timedelta(self.chance.randint(0, min(90, (self.today - first).days))))

    def amount(self) -> int:
        """Return an amount, seldom one that cannot be."""
        if self.chance.random() < 0.02:
            return self.chance.choice((0, -1))
        return self.chance.choice(
            (1, 99, 1_000, self.around, self.around * self.chance.randint(1, 99) // 100)
        )

    def _about(self, what: str) -> tuple[str, date, dict[str, Any]]:
        """Return something about an earlier fact, seldom about one that is not there."""
        reverses = what == "reversal"
        found = [fact for fact in self.loan.facts[1:] if fact.what not in rules.REVERSALS]
        if not reverses:
            found = [fact for fact in found if fact.what in rules.SPEAKS_OF[what]]
        if not found or self.chance.random() < 0.02:
            what = "payment_reversed" if reverses else what
            return what, self.day(), self._said_about(what, "nobody")
        other = self.chance.choice(found[-8:])
        if reverses:
            what = next(one for one in rules.REVERSALS if other.what in rules.SPEAKS_OF[one])
        return what, self.day(other.on), self._said_about(what, other.name, other.says.get("amount"))

    def _said_about(self, what: str, name: str, paid: int | None = None) -> dict[str, Any]:
        if what == "charge_waived":
            return {"of": name, "amount": self.chance.choice((None, 1, 500))}
        if what == "charge_adjusted":
            return {"of": name, "amount": self.chance.choice((1, 500, 2_000))}
        if what == "chargeback":
            most = paid or 1
            return {"of": name, "amount": self.chance.choice((1, most, max(1, most // 2), most + 1))}
        return {"of": name}

    def _payment(self, on: date) -> dict[str, Any]:
        wanted = self.chance.choice(INSTRUCTIONS)
        return {"amount": self.amount(), "payment": self.chance.choice(KINDS), "instruction": wanted}

    def _charge_added(self, on: date) -> dict[str, Any]:
        due_on = on + timedelta(self.chance.choice((0, 0, 5, 40)))
        return {"amount": self.chance.choice((500, 2_000, 9_999)), "due_on": due_on} | {
            "is_late_fee": self.chance.random() < 0.3
        }

    def _interest_waived(self, on: date) -> dict[str, Any]:
        return {"amount": self.chance.choice((None, 1, 700))}

    _penalty_waived = _interest_waived

    def _rate_changed(self, on: date) -> dict[str, Any]:
        return {"rate": self.chance.choice((*RATES, Fraction(30, 100)))}

    def _interest_paused(self, on: date) -> dict[str, Any]:
        return {"until": on + timedelta(self.chance.randint(0, 40))}

    def _promotion_granted(self, on: date) -> dict[str, Any]:
        until = self.chance.choice((None, on + timedelta(self.chance.randint(1, 60))))
        return {"until": until, "share": Fraction(85, 100)}

    def _accelerated(self, on: date) -> dict[str, Any]:
        return {"due_on": on + timedelta(self.chance.choice((0, 5, 40)))}

    def _refunded(self, on: date) -> dict[str, Any]:
        return {"amount": self.chance.choice((1, self.loan.on(self.today).overpaid or 1, self.around))}

    def _recovered(self, on: date) -> dict[str, Any]:
        return {"amount": self.amount()}

    _disbursed = _recovered

    def _sold(self, on: date) -> dict[str, Any]:
        worth = self.loan.on(self.today).outstanding or self.around
        price = self.chance.choice((1, worth // 20 + 1, worth // 2 + 1, worth + 99_999, 0))
        return {"price": price, "buyer": self.chance.choice(("B-1", "B-1", "B-1", " "))}

    def _plan_changed(self, on: date) -> dict[str, Any]:
        says = {
            "change": self.chance.choice(("deferral", "restructure", "re_age", "re_amortise")),
            "takes_overdue": self.chance.random() < 0.5,
            "interest": self.chance.choice(("carried", "capitalised", "forgiven")),
        }
        if self.loan.terms.is_revolving:
            return says | {"due_on": on + timedelta(self.chance.randint(0, 90))}
        whole = self.chance.random() < 0.5
        count, rate = self.chance.randint(1, 6), self.chance.choice((*RATES, Fraction(30, 100)))
        return says | {"plan": PlanTerms(self.chance.choice(METHODS), count, rate, whole)}
