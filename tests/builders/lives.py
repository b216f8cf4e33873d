"""Whole lives for tests that need history more than they care which."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from tests.builders.sellers import Seller, seller_with_line


def short_life(*, reference: str = "E-1") -> tuple[Seller, UUID, UUID]:
    """A week in which every historical table gets rows; return the seller and two loans."""
    seller = seller_with_line(reference=reference, accounts=2)
    instalment = seller.borrow(6_000_000)
    seller.receive(5_000_000)
    seller.close_through(date(2024, 1, 4))
    revolving = seller.borrow(2_000_000, product="revolving-daily", term=30)
    seller.draw(9_000_000_000).refusal  # noqa: B018 - a refusal is part of the history
    seller.close_through(date(2024, 1, 6))
    seller.repay(revolving, 700_000).value()
    seller.repay(instalment, 1_000_000, kind="prepayment").value()
    seller.close_through(date(2024, 1, 8))
    return seller, instalment, revolving


def troubled_life(*, reference: str = "E-1", accounts: int = 3) -> tuple[Seller, UUID, UUID]:
    """Half a year that ends on the blacklist, with a linked deduction on the way."""
    seller = seller_with_line(reference=reference, accounts=accounts)
    loan = seller.borrow(6_000_000)
    seller.receive(5_000_000)
    seller.close_through(date(2024, 2, 2))
    revolving = seller.borrow(2_000_000, product="revolving-daily", term=30)
    seller.close_through(date(2024, 2, 12))
    seller.repay(revolving, 1_000_000).value()
    seller.repay(loan, 500_000, kind="prepayment").value()
    seller.close_through(date(2024, 3, 10))
    seller.receive(300_000, account=accounts - 1)
    seller.close_through(date(2024, 5, 20))
    return seller, loan, revolving
