"""Random lives of loans: terms, and facts in the order in which they become known.

Wide on purpose: every kind of fact on every kind of day, value dates long past, requests that cannot be.
A life is drawn from one ``random.Random``; its seed is all that is needed to live it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from tests.reference import facts as rules
from tests.reference.facts import Fact
from tests.reference.random_terms import KINDS, METHODS, RATES, random_terms
from tests.reference.terms import PlanTerms, Terms

INSTRUCTIONS = ("none", "shorten", "reduce", "next", "last")
WEIGHTS = {
    "payment": 30,
    "reversal": 9,
    "charge_added": 7,
    "about_a_charge": 5,
    "interest_waived": 3,
    "penalty_waived": 3,
    "rate_changed": 4,
    "interest_paused": 2,
    "promotion_granted": 2,
    "promotion_ended": 2,
    "disbursed": 5,
    "plan_changed": 5,
    "refunded": 4,
    "chargeback": 5,
    "recovered": 2,
    "accelerated": 2,
    "non_accrual_started": 2,
    "non_accrual_ended": 2,
    "charged_off": 2,
    "written_off": 1,
    "settled_at_discount": 1,
    "sold": 2,
    "impossible": 4,
}


@dataclass
class Life:
    """A loan whose facts become known one by one: ``today`` is the day on which the last one arrived."""

    chance: Random
    terms: Terms
    today: date
    known: list[Fact]
    number: int = 0
    payoff: int | None = None  # what would end the loan on the day last looked at

    @classmethod
    def begun(cls, chance: Random) -> Life:
        """Return a life of which nothing is known yet."""
        return cls(chance, random_terms(chance), date(2024, 1, 1) + timedelta(chance.randint(0, 400)), [])

    def next_fact(self) -> Fact:
        """Let some days pass, and return a fact that arrives then; it may not be possible."""
        if not self.known:
            part = self.chance.choice((self.terms.agreed, self.terms.agreed, self.terms.agreed // 2))
            return self._fact("disbursed", self.today, amount=part)
        self.today += timedelta(self.chance.choice((0, 0, 1, 3, 10, 20, 31, 60)))
        chosen = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        return getattr(self, f"_{chosen}", lambda: self._plain(chosen))()

    def remember(self, fact: Fact) -> None:
        """Keep a fact that was accepted."""
        self.known.append(fact)

    def _fact(self, what: str, on: date, **says: Any) -> Fact:
        self.number += 1
        return Fact(what, f"F{self.number}", on, self.number, says)

    def _day(self, after: date | None = None) -> date:
        """Return today more often than not, else a day of the past."""
        first = after or self.known[0].on
        if self.chance.random() < 0.55 or first >= self.today:
            return self.today
        return first + timedelta(self.chance.randint(0, (self.today - first).days))

    def _amount(self) -> int:
        agreed = self.terms.agreed
        amounts = (1, 999, self.chance.randint(1, agreed // 4), agreed // 9, agreed // 3, agreed, 2 * agreed)
        return self.chance.choices(amounts, (1, 1, 6, 4, 2, 1, 1))[0]

    def _maybe_amount(self) -> int | None:
        return self.chance.choice((None, self.chance.randint(1, 20_000)))

    def _plain(self, what: str) -> Fact:
        if what in ("interest_waived", "penalty_waived"):
            return self._fact(what, self._day(), amount=self._maybe_amount())
        if what in ("disbursed", "refunded", "recovered"):
            most = self.terms.agreed // 3
            return self._fact(what, self._day(), amount=self.chance.randint(1, most))
        return self._fact(what, self._day())

    def _payment(self) -> Fact:
        if self.payoff and self.chance.random() < 0.1:
            amount = max(1, self.payoff + self.chance.choice((0, 0, 0, -1, 1)))
            says = {"payment": "payoff", "instruction": "none"}
            return self._fact("payment", self.today, amount=amount, **says)
        return self._fact(
            "payment",
            self._day(),
            amount=self._amount(),
            payment=self.chance.choice(KINDS),
            instruction=self.chance.choice(INSTRUCTIONS),
        )

    def _sold(self) -> Fact:
        agreed = self.terms.agreed
        price = self.chance.choice((1, agreed // 20, agreed // 2, agreed, 2 * agreed))
        return self._fact("sold", self._day(), price=price, buyer="B-1")

    def _charge_added(self) -> Fact:
        on = self._day()
        due_on = on + timedelta(self.chance.choice((0, 0, 5, 40)))
        amount, is_late_fee = self.chance.randint(1, 20_000), self.chance.random() < 0.5
        return self._fact("charge_added", on, due_on=due_on, amount=amount, is_late_fee=is_late_fee)

    def _rate_changed(self) -> Fact:
        return self._fact("rate_changed", self._day(), rate=self.chance.choice(RATES))

    def _interest_paused(self) -> Fact:
        on = self._day()
        return self._fact("interest_paused", on, until=on + timedelta(self.chance.randint(1, 60)))

    def _promotion_granted(self) -> Fact:
        on = self._day()
        until = self.chance.choice((None, on + timedelta(self.chance.randint(1, 90))))
        return self._fact("promotion_granted", on, until=until, share=Fraction(85, 100))

    def _accelerated(self) -> Fact:
        on = self._day()
        return self._fact("accelerated", on, due_on=on + timedelta(self.chance.choice((0, 5, 40))))

    def _plan_changed(self) -> Fact:
        on, change = self._day(), self.chance.choice(("deferral", "restructure", "re_age", "re_amortise"))
        takes, interest = (
            self.chance.random() < 0.5,
            self.chance.choice(("carried", "capitalised", "forgiven")),
        )
        says = {"change": change, "takes_overdue": takes, "interest": interest}
        if self.terms.is_revolving:
            return self._fact("plan_changed", on, due_on=on + timedelta(self.chance.randint(1, 90)), **says)
        plan = PlanTerms(
            self.chance.choice(METHODS),
            self.chance.randint(1, 6),
            self.chance.choice(RATES),
            self.chance.random() < 0.5,
        )
        return self._fact("plan_changed", on, plan=plan, **says)

    def _about(self, what: str, others: tuple[str, ...], **says: Any) -> Fact:
        """Return a fact about one of those before it, on its day or later; a payment if there is none."""
        found = [fact for fact in self.known if fact.what in others]
        if not found:
            return self._payment()
        other = self.chance.choice(found)
        return self._fact(what, self._day(other.on), of=other.name, **says)

    def _about_a_charge(self) -> Fact:
        if self.chance.random() < 0.5:
            return self._about("charge_waived", ("charge_added",), amount=self._maybe_amount())
        return self._about("charge_adjusted", ("charge_added",), amount=self.chance.randint(1, 20_000))

    def _promotion_ended(self) -> Fact:
        return self._about("promotion_ended", ("promotion_granted",))

    def _chargeback(self) -> Fact:
        return self._about("chargeback", ("payment", "recovered"), amount=self._amount())

    def _reversal(self) -> Fact:
        gone = {fact.of for fact in self.known if fact.what in rules.REVERSALS}
        left = [fact for fact in self.known[1:] if fact.name not in gone and fact.what not in rules.REVERSALS]
        if not left:
            return self._payment()
        other = self.chance.choice(left)
        what = next(one for one in rules.REVERSALS if other.what in rules.SPEAKS_OF[one])
        return self._fact(what, self._day(other.on), of=other.name)

    def _impossible(self) -> Fact:
        """Return a request that should be refused, most often."""
        on, gone = self._day(), [fact.of for fact in self.known if fact.what in rules.REVERSALS]
        first = self.known[0]
        return self.chance.choice(
            [
                self._fact("payment_reversed", on, of="nobody"),
                self._fact("change_undone", on, of=first.name),
                self._fact("payment_reversed", on, of=self.chance.choice([*gone, "nobody"])),
                self._fact("recovered", on, amount=0),
                self._fact("sold", on, price=self.chance.choice((0, 1)), buyer=" "),
                self._fact("interest_paused", on, until=on),
                self._fact("disbursed", on, amount=2 * self.terms.agreed),
                self._fact("disbursement_reversed", first.on - timedelta(1), of=first.name),
                Fact("recovered", first.name, on, self.number, {"amount": 1}),
            ]
        )
