"""Products of every method, drawn at random: those that the check of the whole lets through."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from ledger.domain.allocation_rules import AllocationMode
from ledger.domain.contract.arrears_terms import ArrearsTerms
from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.contract.settling_terms import AllocationTerms, EarlyTerms, SurplusRule
from ledger.domain.overdue_charges import CompoundMode, GraceMode
from ledger.domain.plans.choices import Basis, GraceInterest, Level
from ledger.domain.plans.replanning import Replan
from ledger.domain.plans.revolving import Settlement
from ledger.kernel.business_days import Adjustment
from ledger.kernel.day_count import DayCount
from ledger.kernel.frequencies import Unit
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.rounding import Rounding
from ledger.policies.product_pricing import PricingTerms
from ledger.policies.product_terms import OfferTerms, ProductTerms, ProductTermsInvalid

IN_PARTS = (ContractMethod.EQUAL_INSTALMENT, ContractMethod.EQUAL_PRINCIPAL)
BY_DAYS = (ContractMethod.CUSTOM, ContractMethod.REVOLVING_DAILY)
SAME_DAYS = [DayCount.ACT_360, DayCount.ACT_364, DayCount.ACT_365F]


@st.composite
def repayments(draw, methods=tuple(ContractMethod)):
    method = draw(st.sampled_from(methods))
    if method is ContractMethod.REVOLVING_DAILY:
        return RepaymentTerms(
            method=method,
            day_count=draw(st.sampled_from(SAME_DAYS)),
            settlement=draw(st.sampled_from(Settlement)),
        )
    if method is ContractMethod.CUSTOM:
        return RepaymentTerms(method=method, day_count=draw(st.sampled_from(DayCount)))
    chosen = {
        "method": method,
        "basis": draw(st.sampled_from(Basis)),
        "day_count": draw(st.sampled_from(DayCount)),
        "rounding": draw(st.sampled_from(Rounding)),
        "down_payment_share_e8": draw(st.sampled_from([0, 0, 0, RATE_UNIT // 5])),
    }
    chosen |= draw(
        st.sampled_from(
            [
                {},
                {"unit": Unit.WEEK, "every": 2},
                {"unit": Unit.DAY, "every": 10},
                {"fixed_day": 20},
                {"end_of_month": True},
                {"holiday_rule": Adjustment.FOLLOWING, "calendar": "CN"},
                {"calendar": "CN"},
            ]
        )
    )
    if method in IN_PARTS:
        chosen |= draw(
            st.sampled_from(
                [
                    {},
                    {"balloon_share_e8": RATE_UNIT // 4},
                    {"multiple_minor": 100},
                    {"first_absorbs": True},
                    {"grace_principal_rows": 1},
                    {"grace_interest_rows": 1},
                    {"grace_principal_rows": 2, "grace_interest_rows": 2},
                    {"grace_interest_rows": 1, "grace_interest": GraceInterest.FORGIVEN},
                ]
            )
        )
    if method is ContractMethod.EQUAL_INSTALMENT and chosen["basis"] is Basis.EXACT:
        chosen["level"] = draw(st.sampled_from([None, *Level]))
    if method is ContractMethod.FLAT:
        chosen["flat_total_once"] = draw(st.booleans())
    if method is ContractMethod.BULLET:
        chosen["min_interest_days"] = draw(st.sampled_from([0, 0, 5]))
    return RepaymentTerms(**chosen)


def modes_of(repayment):
    """Return every way of planning again that such a product may offer."""
    if repayment.min_interest_days:
        return ()
    if repayment.method in (ContractMethod.INTEREST_ONLY, ContractMethod.BULLET):
        return (Replan.REDUCE_INSTALMENT,)
    return (Replan.SHORTEN_TERM, Replan.REDUCE_INSTALMENT)


@st.composite
def products(draw, methods=tuple(ContractMethod)):
    """Return a product that is sound field by field; whether it is as a whole, the check says."""
    repayment = draw(repayments(methods))
    minimum = draw(st.integers(2_000, 200_000))
    terms = (10, 30, 45) if repayment.is_revolving else (3, 5, 8)
    fee = 0 if repayment.is_revolving else draw(st.sampled_from([0, 0, 500_000]))
    try:
        return ProductTerms(
            code="any",
            version=1,
            effective_from=date(2024, 1, 1),
            offer=OfferTerms(terms=terms, amount_minor_min=minimum, amount_minor_max=minimum * 100),
            pricing=PricingTerms(
                annual_rate_e8=draw(st.sampled_from([0, 1, 3_333_333, 10_800_000, 14_400_000]))
            ),
            repayment=repayment,
            arrears=ArrearsTerms(
                grace_days=draw(st.sampled_from([0, 3, 10])),
                grace_mode=draw(st.sampled_from(GraceMode)),
                compound=draw(st.sampled_from(CompoundMode)),
                dpd_tolerance_minor=draw(st.sampled_from([0, 0, 50])),
            ),
            allocation=AllocationTerms(
                mode=draw(st.sampled_from(AllocationMode)),
                principal_first_after_dpd=draw(st.sampled_from([5, 90])),
                surplus=draw(st.sampled_from(SurplusRule)),
            ),
            early=EarlyTerms(fee_e8=fee, modes=modes_of(repayment)),
        )
    except ProductTermsInvalid:
        return None
