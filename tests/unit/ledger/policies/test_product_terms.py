"""Products: what is sound, what is offered, and which version is in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ledger.domain.contract.arrears_terms import ArrearsTerms
from ledger.domain.contract.payout_terms import PayoutTerms
from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.contract.settling_terms import (
    AllocationTerms,
    EarlyTerms,
    PaymentSource,
    SourceRules,
    SurplusRule,
)
from ledger.domain.overdue_charges import CompoundMode, GraceMode
from ledger.domain.plans.choices import Basis, Batch, GraceInterest, Level
from ledger.domain.plans.replanning import Replan
from ledger.domain.plans.revolving import Settlement
from ledger.kernel.business_days import Adjustment
from ledger.kernel.day_count import DayCount
from ledger.kernel.frequencies import Unit
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.rounding import Rounding
from ledger.policies.agreeing import loan_parts_of, loan_terms_of
from ledger.policies.product_catalogue import (
    CATALOGUE,
    PRIME_SINCE,
    ProductNotOffered,
    ProductUnknown,
    offered_on,
    overlaid,
    product_in_force,
)
from ledger.policies.product_pricing import PricingTerms, RateKind
from ledger.policies.product_terms import (
    AmountOutsideProduct,
    BatchesNotOffered,
    PartsNotOffered,
    ProductCurrencyDiffers,
    ProductTermsInvalid,
    QualityTerms,
    TermNotOffered,
)
from ledger.policies.rate_ceiling import CeilingKind, RateAboveCeiling

INSTALMENTS, REVOLVING = CATALOGUE[:2]
DAY = date(2024, 6, 1)
ALL = tuple(f"{timing}.{bucket}" for timing in ("past_due", "due") for bucket in AllocationTerms.order)


def of_method(method, **more):
    return RepaymentTerms(method=ContractMethod(method), **more)


EXACT = of_method("equal_instalment")
PERIODIC = of_method("equal_instalment", basis=Basis.PERIODIC)
BATCHED = of_method("custom")
IN_PARTS = PayoutTerms(parts_max=3, availability_days=90)
DAILY = of_method("revolving_daily")
# The field that is refused, the part it is in, and a value of the part that is unsound.
UNSOUND_REPAYMENT = [
    ("level", {"level": Level.LEVEL_EXACT, "basis": Basis.PERIODIC}, EXACT),
    ("level", {"level": Level.LEVEL_EXACT}, of_method("bullet")),
    ("equalisation_rounds", {"equalisation_rounds": 4}, EXACT),
    ("equalisation_rounds", {"equalisation_rounds": -1}, EXACT),
    ("equalisation_rounds", {"equalisation_rounds": 1}, of_method("equal_principal")),
    ("equalisation_rounds", {"equalisation_rounds": 1, "grace_principal_rows": 1}, EXACT),
    ("equalisation_rounds", {"equalisation_rounds": 1, "first_absorbs": True}, EXACT),
    ("every", {"every": 0}, EXACT),
    ("every", {"every": 25}, EXACT),
    ("every", {"every": 53, "unit": Unit.WEEK}, EXACT),
    ("every", {"every": 1, "unit": Unit.WEEK, "holiday_rule": Adjustment.FOLLOWING, "calendar": "CN"}, EXACT),
    ("every", {"holiday_rule": Adjustment.FOLLOWING, "calendar": "CN", "batch_gap_days_min": 13}, BATCHED),
    ("unit", {"unit": Unit.WEEK}, BATCHED),
    ("unit", {"unit": Unit.DAY}, DAILY),
    ("fixed_day", {"fixed_day": 0}, EXACT),
    ("fixed_day", {"fixed_day": 32}, EXACT),
    ("fixed_day", {"fixed_day": 20, "unit": Unit.WEEK}, EXACT),
    ("fixed_day", {"fixed_day": 20}, DAILY),
    ("first_period_days_min", {"first_period_days_min": -1}, EXACT),
    ("first_period_days_min", {"first_period_days_min": 63}, EXACT),
    (
        "first_period_days_min",
        {"first_period_days_min": 5, "fixed_day": 20, "holiday_rule": Adjustment.FOLLOWING, "calendar": "CN"},
        EXACT,
    ),
    ("end_of_month", {"end_of_month": True, "unit": Unit.DAY}, EXACT),
    ("end_of_month", {"end_of_month": True, "fixed_day": 20}, EXACT),
    ("end_of_month", {"end_of_month": True}, BATCHED),
    ("calendar", {"holiday_rule": Adjustment.FOLLOWING}, EXACT),
    ("calendar", {"calendar": "MARS"}, EXACT),
    ("calendar", {"calendar": "CN"}, DAILY),
    ("holiday_rule", {"holiday_rule": Adjustment.FOLLOWING}, DAILY),
    ("multiple", {"multiple_minor": 0}, EXACT),
    ("multiple", {"multiple_minor": 10**9 + 1}, EXACT),
    ("multiple", {"multiple_minor": 100}, of_method("bullet")),
    ("first_absorbs", {"first_absorbs": True}, of_method("flat")),
    ("first_absorbs", {"first_absorbs": True, "grace_interest_rows": 1}, EXACT),
    ("balloon_share", {"balloon_share_e8": -1}, EXACT),
    ("balloon_share", {"balloon_share_e8": RATE_UNIT}, EXACT),
    ("balloon_share", {"balloon_share_e8": RATE_UNIT // 2}, of_method("interest_only")),
    ("balloon_share", {"balloon_share_e8": RATE_UNIT // 2, "down_payment_share_e8": RATE_UNIT // 2}, EXACT),
    ("down_payment_share", {"down_payment_share_e8": -1}, EXACT),
    ("down_payment_share", {"down_payment_share_e8": RATE_UNIT}, EXACT),
    ("down_payment_share", {"down_payment_share_e8": 1}, DAILY),
    ("grace_principal_rows", {"grace_principal_rows": -1}, EXACT),
    ("grace_principal_rows", {"grace_principal_rows": 3}, EXACT),  # no row after it in the shortest term
    ("grace_principal_rows", {"grace_principal_rows": 1}, of_method("bullet")),
    ("grace_interest_rows", {"grace_interest_rows": 61}, EXACT),
    ("grace_interest_rows", {"grace_interest_rows": 1}, of_method("flat")),
    ("grace_interest", {"grace_interest": GraceInterest.CAPITALISED}, EXACT),
    ("grace_interest", {"grace_interest": GraceInterest.FORGIVEN}, DAILY),
    ("flat_total_once", {"flat_total_once": True}, EXACT),
    ("min_interest_days", {"min_interest_days": 31}, of_method("bullet")),
    ("min_interest_days", {"min_interest_days": 1}, EXACT),
    ("batch_gap_days_min", {"batch_gap_days_min": 0}, BATCHED),
    ("batch_gap_days_min", {"batch_gap_days_min": 7}, EXACT),
    ("batch_span_days_max", {"batch_span_days_max": 5, "batch_gap_days_min": 6}, BATCHED),
    ("batch_span_days_max", {"batch_span_days_max": 3661}, BATCHED),
    ("batch_span_days_max", {"batch_span_days_max": 30}, EXACT),
    ("settlement", {"settlement": Settlement.ON_REPAID_PRINCIPAL}, EXACT),
    ("basis", {"basis": Basis.PERIODIC}, BATCHED),
    ("basis", {"basis": Basis.PERIODIC}, DAILY),
    ("day_count", {"day_count": DayCount.THIRTY_360}, DAILY),
    ("rounding", {"rounding": Rounding.DOWN}, DAILY),
]
UNSOUND_PRICING = [
    ("annual_rate", PricingTerms(annual_rate_e8=-1)),
    ("annual_rate", PricingTerms(annual_rate_e8=24_000_001)),
    ("annual_rate", PricingTerms(annual_rate_e8=13_800_001, ceiling=CeilingKind.PRIVATE_LENDING)),
    ("annual_rate", PricingTerms(annual_rate_e8=10_000_001, own_ceiling_e8=10_000_000)),
    ("annual_rate", PricingTerms(kind=RateKind.PRIME_PLUS_SPREAD, annual_rate_e8=1)),
    ("kind", PricingTerms(kind=RateKind.PRIME_PLUS_SPREAD, spread_e8=20_550_001)),
    ("spread", PricingTerms(annual_rate_e8=1, spread_e8=1)),
    ("spread", PricingTerms(kind=RateKind.PRIME_PLUS_SPREAD, spread_e8=-1)),
    ("own_ceiling", PricingTerms(own_ceiling_e8=36_000_001)),
    ("promotion_share_min", PricingTerms(promotion_share_min_e8=RATE_UNIT + 1)),
    ("promotion_share_min", PricingTerms(promotion_share_min_e8=-1)),
]
UNSOUND_OTHERS = [
    ("code", {"code": ""}),
    ("code", {"code": "two words"}),
    ("code", {"code": "x" * 61}),
    ("code", {"code": "\u5e97"}),
    ("version", {"version": 0}),
    ("currency", {"currency": "XXX"}),
    ("offer.terms", {"offer": replace(INSTALMENTS.offer, terms=())}),
    ("offer.terms", {"offer": replace(INSTALMENTS.offer, terms=(0,))}),
    ("offer.terms", {"offer": replace(INSTALMENTS.offer, terms=(361,))}),
    ("offer.terms", {"offer": replace(INSTALMENTS.offer, terms=(6, 3))}),
    ("offer.terms", {"offer": replace(INSTALMENTS.offer, terms=(3, 3))}),
    ("offer.terms", {"offer": replace(INSTALMENTS.offer, terms=tuple(range(1, 26)))}),
    ("offer.amount_min", {"offer": replace(INSTALMENTS.offer, amount_minor_min=0)}),
    ("offer.amount_max", {"offer": replace(INSTALMENTS.offer, amount_minor_max=99_999)}),
    ("offer.amount_max", {"offer": replace(INSTALMENTS.offer, amount_minor_max=10**13 + 1)}),
    ("offer.offered_until", {"offer": replace(INSTALMENTS.offer, offered_until=INSTALMENTS.effective_from)}),
    ("arrears.penalty_uplift", {"arrears": ArrearsTerms(penalty_uplift_e8=-1)}),
    ("arrears.penalty_uplift", {"arrears": ArrearsTerms(penalty_uplift_e8=RATE_UNIT + 1)}),
    ("arrears.grace_days", {"arrears": ArrearsTerms(grace_days=-1)}),
    ("arrears.grace_days", {"arrears": ArrearsTerms(grace_days=31)}),
    ("arrears.dpd_tolerance", {"arrears": ArrearsTerms(dpd_tolerance_minor=-1)}),
    ("arrears.dpd_tolerance", {"arrears": ArrearsTerms(dpd_tolerance_minor=10_001)}),
    ("allocation.order", {"allocation": AllocationTerms(order=("principal",))}),
    (
        "allocation.order",
        {"allocation": AllocationTerms(order=("fee", "fee", "penalty", "compound", "interest"))},
    ),
    ("allocation.principal_first_after_dpd", {"allocation": AllocationTerms(principal_first_after_dpd=-1)}),
    *(
        (
            "allocation.by_source",
            {
                "allocation": AllocationTerms(
                    by_source=tuple(
                        SourceRules(source=PaymentSource.AUTO_DEBIT, rules=rules) for rules in exceptions
                    )
                )
            },
        )
        for exceptions in (
            (ALL, ALL),
            ((*ALL[:-1], "due.tip"),),
            (ALL[:-1],),
            ((*ALL[:-1], ALL[0]),),
            ((*ALL, "in_advance.principal"),),
        )
    ),
    ("early.fee", {"early": EarlyTerms(fee_e8=-1)}),
    ("early.fee", {"early": EarlyTerms(fee_e8=10_000_001)}),
    ("early.fee", {"repayment": DAILY, "early": EarlyTerms(fee_e8=1)}),
    ("early.modes", {"early": EarlyTerms(modes=(Replan.SHORTEN_TERM, Replan.SHORTEN_TERM))}),
    ("early.modes", {"repayment": of_method("interest_only")}),
    ("early.modes", {"repayment": of_method("bullet")}),
    (
        "early.modes",
        {
            "repayment": of_method("bullet", min_interest_days=1),
            "early": EarlyTerms(modes=(Replan.REDUCE_INSTALMENT,)),
        },
    ),
    ("quality.provision", {"quality": QualityTerms(provision="none")}),
    ("payout.parts_max", {"payout": PayoutTerms(parts_max=0)}),
    ("payout.parts_max", {"payout": PayoutTerms(parts_max=25, availability_days=30)}),
    ("payout.availability_days", {"payout": PayoutTerms(availability_days=1)}),
    ("payout.availability_days", {"payout": PayoutTerms(parts_max=2)}),
    ("payout.availability_days", {"payout": PayoutTerms(parts_max=2, availability_days=367)}),
    *(
        ("payout.parts_max", {"repayment": repayment, "early": EarlyTerms(modes=()), "payout": IN_PARTS})
        for repayment in (
            DAILY,
            BATCHED,
            of_method("flat"),
            of_method("equal_principal", balloon_share_e8=1),
            of_method("bullet", down_payment_share_e8=1),
            of_method("equal_instalment", first_absorbs=True),
            of_method("equal_instalment", grace_principal_rows=1),
        )
    ),
]


class TestProductTerms:
    @pytest.mark.parametrize(("field", "unsound", "sound"), UNSOUND_REPAYMENT)
    def test_refuse_an_unsound_way_of_repaying_by_its_field(self, field, unsound, sound):
        early = EarlyTerms(modes=())
        replace(INSTALMENTS, repayment=sound, early=early)
        with pytest.raises(ProductTermsInvalid) as refused:
            replace(INSTALMENTS, repayment=replace(sound, **unsound), early=early)
        assert refused.value.field == f"repayment.{field}"

    @pytest.mark.parametrize(("field", "unsound"), UNSOUND_PRICING)
    def test_refuse_an_unsound_price_by_its_field(self, field, unsound):
        with pytest.raises(ProductTermsInvalid) as refused:
            replace(INSTALMENTS, effective_from=date(2023, 9, 1), pricing=unsound)
        assert refused.value.field == f"pricing.{field}"

    @pytest.mark.parametrize(("field", "unsound"), UNSOUND_OTHERS)
    def test_refuse_every_other_unsound_parameter_by_its_field(self, field, unsound):
        with pytest.raises(ProductTermsInvalid) as refused:
            replace(INSTALMENTS, **unsound)
        assert refused.value.field == field

    def test_refuse_the_prime_rate_before_there_was_one(self):
        with pytest.raises(ProductTermsInvalid) as refused:
            replace(INSTALMENTS, pricing=PricingTerms(kind=RateKind.PRIME_PLUS_SPREAD))
        assert refused.value.field == "pricing.kind"

    @pytest.mark.parametrize("term", [0, 1, 4, 24])
    def test_refuse_a_term_that_is_not_offered(self, term):
        with pytest.raises(TermNotOffered):
            INSTALMENTS.require_term(term)

    @pytest.mark.parametrize("amount_minor", [0, 99_999, 100_000_001])
    def test_refuse_an_amount_outside_their_bounds(self, amount_minor):
        with pytest.raises(AmountOutsideProduct):
            INSTALMENTS.require_amount(amount_minor)

    def test_refuse_another_currency_than_their_own(self):
        replace(INSTALMENTS, currency="CNY").require_currency("CNY")
        INSTALMENTS.require_currency("JPY")
        with pytest.raises(ProductCurrencyDiffers):
            replace(INSTALMENTS, currency="CNY").require_currency("USD")

    def test_accept_their_own_bounds(self):
        for product in CATALOGUE:
            product.require_amount(product.offer.amount_minor_min)
            product.require_amount(product.offer.amount_minor_max)
            for term in product.offer.terms:
                product.require_term(term)

    def test_refuse_batches_where_none_are_agreed(self):
        INSTALMENTS.require_batches((), amount_minor=100, term=3, start=DAY)
        with pytest.raises(BatchesNotOffered):
            INSTALMENTS.require_batches((Batch(DAY, 100),), amount_minor=100, term=1, start=DAY)

    @pytest.mark.parametrize(
        ("days_and_parts", "term", "message"),
        [
            ([(10, 60), (20, 40)], 2, None),
            ([(10, 60), (20, 40)], 3, "as many batches"),
            ([(10, 60), (14, 40)], 2, "at least 5 days"),
            ([(4, 60), (20, 40)], 2, "at least 5 days"),
            ([(10, 60), (91, 40)], 2, "at most 90 days"),
            ([(10, 100), (20, 0)], 2, "some principal"),
            ([(10, 60), (20, 41)], 2, "add up"),
        ],
    )
    def test_take_agreed_batches_within_the_bounds(self, days_and_parts, term, message):
        bounded = of_method("custom", batch_gap_days_min=5, batch_span_days_max=90)
        product = replace(INSTALMENTS, repayment=bounded, offer=replace(INSTALMENTS.offer, terms=(2, 3)))
        batches = tuple(Batch(DAY + timedelta(days=days), part) for days, part in days_and_parts)
        if message is None:
            product.require_batches(batches, amount_minor=100, term=term, start=DAY)
            return
        with pytest.raises(BatchesNotOffered, match=message):
            product.require_batches(batches, amount_minor=100, term=term, start=DAY)

    @pytest.mark.parametrize("product", CATALOGUE)
    def test_cost_at_most_fifty_a_day_on_a_hundred_thousand(self, product):
        rate = product.pricing.rate_on(max(product.effective_from, DAY))
        assert 10_000_000 * rate <= 5_000 * 10**8 * product.repayment.day_base


class TestThePartsOfALoan:
    stock = replace(INSTALMENTS, payout=IN_PARTS)

    def test_are_agreed_with_the_day_until_which_the_rest_may_be_called(self):
        parts = loan_parts_of(self.stock, first_minor=100_000, amount_minor=300_000, signed_on=DAY)
        assert (parts.first_minor, parts.rest_minor, parts.parts_max) == (100_000, 200_000, 3)
        assert parts.available_until == DAY + timedelta(days=90)

    def test_are_none_where_all_is_paid_out_at_once(self):
        for product in (INSTALMENTS, self.stock):
            assert loan_parts_of(product, first_minor=None, amount_minor=300_000, signed_on=DAY) is None

    @pytest.mark.parametrize("first", [99_999, 300_000, 300_001])
    def test_refuse_a_first_part_below_the_least_amount_or_of_all(self, first):
        with pytest.raises(PartsNotOffered) as refused:
            loan_parts_of(self.stock, first_minor=first, amount_minor=300_000, signed_on=DAY)
        assert refused.value.field == "first_part"

    def test_are_refused_by_a_product_that_is_paid_out_in_one_sum(self):
        with pytest.raises(PartsNotOffered):
            loan_parts_of(INSTALMENTS, first_minor=100_000, amount_minor=300_000, signed_on=DAY)


class TestTheTermsOfALoan:
    @pytest.mark.parametrize("product", CATALOGUE)
    def test_name_the_version_and_keep_its_price(self, product):
        terms = loan_terms_of(product, currency="CNY", term=product.offer.terms[0], signed_on=DAY)
        assert (terms.product_code, terms.product_version) == (product.code, product.version)
        assert terms.annual_rate_e8 < terms.penalty_rate_e8 <= 24_000_000
        assert terms.is_revolving is product.repayment.is_revolving

    def test_of_the_first_two_products_are_what_they_always_were(self):
        for product in (INSTALMENTS, REVOLVING):
            terms = loan_terms_of(product, currency="CNY", term=30, signed_on=DAY)
            assert (terms.penalty_rate_e8, terms.day_base, terms.grace_days) == (21_600_000, 360, 3)
            assert terms.compound
            assert terms.prepayment_mode == "shorten_term"
            assert product.conventions() is None

    def test_fix_the_prime_rate_of_the_day_of_signing(self):
        prime = next(product for product in CATALOGUE if product.code == "prime-instalment")
        on = [date(2023, 8, 20), date(2023, 8, 21), date(2024, 7, 22)]
        found = [loan_terms_of(prime, currency="CNY", term=12, signed_on=day).annual_rate_e8 for day in on]
        assert found == [12_550_000, 12_450_000, 12_350_000]

    def test_keep_the_ceiling_of_the_day_of_signing(self):
        """Four times the prime rate was 13.80% until 21 July 2024 and 13.40% from then on."""
        private = PricingTerms(annual_rate_e8=13_700_000, ceiling=CeilingKind.PRIVATE_LENDING)
        product = replace(INSTALMENTS, effective_from=date(2024, 1, 1), pricing=private)
        kept = loan_terms_of(product, currency="CNY", term=3, signed_on=date(2024, 7, 21))
        assert (kept.annual_rate_e8, kept.penalty_rate_e8) == (13_700_000, 13_800_000)
        with pytest.raises(RateAboveCeiling):
            loan_terms_of(product, currency="CNY", term=3, signed_on=date(2024, 7, 22))

    @pytest.mark.parametrize(
        "changed",
        [
            {"repayment": replace(PERIODIC, fixed_day=20)},
            {"repayment": replace(PERIODIC, day_count=DayCount.THIRTY_360)},
            {"arrears": ArrearsTerms(grace_mode=GraceMode.PLAIN)},
            {"arrears": ArrearsTerms(compound=CompoundMode.CONTRACT_UNTIL_MATURITY)},
            {"arrears": ArrearsTerms(dpd_tolerance_minor=1)},
            {"allocation": AllocationTerms(surplus=SurplusRule.PREPAYS)},
            {"early": EarlyTerms(modes=())},
        ],
    )
    def test_are_joined_by_conventions_when_they_do_not_say_everything(self, changed):
        conventions = replace(INSTALMENTS, **changed).conventions()
        assert conventions is not None
        for name, value in changed.items():
            assert getattr(conventions, name) == value


class TestProductInForce:
    def test_is_the_latest_version_that_has_begun(self):
        later = replace(REVOLVING, version=2, effective_from=date(2025, 1, 1))
        catalogue = (later, *CATALOGUE)
        found = [
            product_in_force("revolving-daily", on=on, catalogue=catalogue).version
            for on in (REVOLVING.effective_from, date(2024, 12, 31), date(2025, 1, 1))
        ]
        assert found == [1, 1, 2]

    @pytest.mark.parametrize(
        ("code", "on"),
        [
            ("payday", DAY),
            ("revolving-daily", REVOLVING.effective_from - timedelta(days=1)),
        ],
    )
    def test_refuses_an_unknown_product_or_date(self, code, on):
        with pytest.raises(ProductUnknown):
            product_in_force(code, on=on)

    def test_refuses_a_promotion_that_is_over_from_its_first_day_on(self):
        """Offered from 20 October to 11 November inclusive."""
        promotion = replace(
            INSTALMENTS,
            code="festival",
            effective_from=date(2024, 10, 20),
            offer=replace(INSTALMENTS.offer, offered_until=date(2024, 11, 12)),
        )
        assert product_in_force("festival", on=date(2024, 11, 11), catalogue=(promotion,)) == promotion
        with pytest.raises(ProductNotOffered):
            product_in_force("festival", on=date(2024, 11, 12), catalogue=(promotion,))
        with pytest.raises(ProductUnknown):
            product_in_force("festival", on=date(2024, 10, 19), catalogue=(promotion,))

    def test_refuses_a_retired_product_from_that_day_on(self):
        retired = {"revolving-daily": DAY}
        assert product_in_force("revolving-daily", on=DAY - timedelta(days=1), retired=retired) == REVOLVING
        with pytest.raises(ProductNotOffered):
            product_in_force("revolving-daily", on=DAY, retired=retired)
        codes = {product.code for product in offered_on(DAY, retired=retired)}
        assert codes == {product.code for product in CATALOGUE} - {"revolving-daily"}

    def test_follows_the_prime_rate_only_since_there_is_one(self):
        early = {product.code for product in offered_on(PRIME_SINCE - timedelta(days=1))}
        assert {product.code for product in offered_on(PRIME_SINCE)} - early == {"prime-instalment"}

    def test_is_a_saved_version_where_it_stands_for_a_shipped_one(self):
        mine = replace(REVOLVING, title="Mine")
        assert [p.title for p in overlaid([mine]) if p.code == "revolving-daily"] == ["Mine"]
        assert len(overlaid([mine])) == len(CATALOGUE)
