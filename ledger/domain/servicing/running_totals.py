"""What is counted and noted while a life is replayed.

Owns: the running totals, how one payment is being used, and the two ways in which a claim is given up.
Refuses to know: rows, and how any of it comes about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import blake2b

from ledger.domain.servicing.claims import none_each


class GivenUp(StrEnum):
    """How the rest of a claim was given up."""

    WRITTEN_OFF = "written_off"
    DISCOUNT = "settled_at_discount"


@dataclass(slots=True)
class Totals:
    """What has been counted so far, in minor units; lists are by component."""

    disbursed: int = 0
    capitalised: int = 0
    cash_in: int = 0
    cash_out: int = 0
    goodwill: int = 0
    early_fees: int = 0
    adjusted_fees: int = 0
    recovered: int = 0
    charged: int = 0
    not_charged: int = 0
    price: int = 0
    paid: list[int] = field(default_factory=none_each)
    charged_back: list[int] = field(default_factory=none_each)
    waived_as_income: list[int] = field(default_factory=none_each)
    waived_in_memo: list[int] = field(default_factory=none_each)
    given_up: list[int] = field(default_factory=none_each)
    sold: list[int] = field(default_factory=none_each)
    sold_in_memo: list[int] = field(default_factory=none_each)


@dataclass(slots=True)
class UseOfMoney:
    """How one payment is being used; nothing changes it once the life goes on to the next fact."""

    fact_id: str
    on: date
    label: str
    amount_minor: int
    days_past_due: int = 0
    order: tuple[str, ...] = ()
    principal_first: bool = False
    shares: list[tuple[str, int, int]] = field(default_factory=list)
    early_fee_minor: int = 0
    recovered_minor: int = 0
    surplus_minor: int = 0
    did: str = "instalment"
    _told: str = field(default="", compare=False, repr=False)

    @property
    def told(self) -> str:
        """Return a digest of how the payment was used: equal digests, equal use.

        There may be thousands of payments of which few ever change, so each is put into words once.
        """
        if not self._told:
            parts: dict[tuple[str, int], int] = {}
            for row, component, amount in self.shares:
                parts[row, component] = parts.get((row, component), 0) + amount
            besides = (
                f"{self.early_fee_minor} {self.recovered_minor} {self.surplus_minor} {self.days_past_due}"
            )
            order, given = ",".join(self.order), sorted(parts.items())
            line = f"{self.amount_minor} {self.did} {besides} {order} {given}"
            self._told = blake2b(line.encode(), digest_size=12).hexdigest()
        return self._told
