"""Who funds a product: shares that add up, and amounts that are divided without losing a unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.kernel.rates import RATE_UNIT
from ledger.policies.funding import (
    OWN_FUNDING,
    Agreement,
    FunderShare,
    Funding,
    FundingInvalid,
    funding_of,
)


def funding(*shares):
    return Funding(tuple(FunderShare(f"bank-{number}", share) for number, share in enumerate(shares)))


class TestFunding:
    @pytest.mark.parametrize(
        "shares",
        [
            (),
            (FunderShare("own", RATE_UNIT - 1),),
            (FunderShare("own", RATE_UNIT + 1),),
            (FunderShare("own", RATE_UNIT), FunderShare("a", 0)),
            (FunderShare("own", 2 * RATE_UNIT), FunderShare("a", -RATE_UNIT)),
            (FunderShare("own", RATE_UNIT // 2), FunderShare("own", RATE_UNIT // 2)),
            (FunderShare("", RATE_UNIT),),
            (FunderShare("a bank", RATE_UNIT),),
            (FunderShare("b" * 41, RATE_UNIT),),
            tuple(FunderShare(f"f{number}", RATE_UNIT // 11 + (number < 1)) for number in range(11)),
        ],
    )
    def test_whose_shares_are_not_the_whole_or_whose_names_are_none_is_refused(self, shares):
        with pytest.raises(FundingInvalid) as refused:
            Funding(shares)
        assert refused.value.field == "shares"

    @pytest.mark.parametrize(
        ("amount", "parts"), [(100, (60, 40)), (101, (61, 40)), (1, (1, 0)), (-101, (-61, -40)), (0, (0, 0))]
    )
    def test_divides_by_largest_remainder(self, amount, parts):
        found = funding(60_000_000, 40_000_000).divided(amount)
        assert found == (("bank-0", parts[0]), ("bank-1", parts[1]))

    @given(
        st.integers(-(10**15), 10**15),
        st.lists(st.integers(1, 10**6), min_size=1, max_size=9).map(
            lambda parts: (*parts, RATE_UNIT - sum(parts))
        ),
    )
    def test_neither_makes_nor_loses_a_unit(self, amount, shares):
        parts = [part for _, part in funding(*shares).divided(amount)]
        assert sum(parts) == amount
        assert all(
            abs(part * RATE_UNIT - amount * share) < RATE_UNIT
            for part, share in zip(parts, shares, strict=True)
        )


class TestTheFundingOfAVersion:
    AGREED = (Agreement("p", 2, funding(RATE_UNIT)), Agreement("p", 5, funding(1, RATE_UNIT - 1)))

    @pytest.mark.parametrize(("version", "index"), [(2, 0), (4, 0), (5, 1), (9, 1)])
    def test_is_the_latest_agreement_that_covers_it(self, version, index):
        assert funding_of(version, agreements=self.AGREED) is self.AGREED[index].funding

    def test_is_the_lender_alone_before_any(self):
        assert funding_of(1, agreements=self.AGREED) is OWN_FUNDING
        assert OWN_FUNDING.divided(7) == (("own", 7),)
