"""Versions of products in the books: saved by a command, in force from their day, never changing a loan."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import msgspec
import pytest

from ledger.commands.save_product import RetireProduct, SaveProductVersion
from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.contract.settling_terms import EarlyTerms
from ledger.domain.loan_account import LoanAccount
from ledger.domain.plans.choices import Batch
from ledger.domain.plans.replanning import Replan
from ledger.eventstore.unit_of_work import replay
from ledger.policies.product_catalogue import CATALOGUE
from ledger.policies.product_pricing import PricingTerms
from ledger.product_versions import all_versions, offered_products
from lending.commands.drawdown import RequestDrawdown
from tests.builders.books import assert_books_hold
from tests.builders.sellers import give, one, seller_with_line
from tests.builders.storage import fingerprint
from tests.conftest import FIRST_DAY

SHIPPED = CATALOGUE[0]
CHEAPER = replace(
    SHIPPED,
    currency="CNY",
    effective_from=FIRST_DAY + timedelta(days=3),
    pricing=PricingTerms(annual_rate_e8=12_000_000),
)
OWN = replace(
    CHEAPER,
    code="own-interest-only",
    effective_from=FIRST_DAY,
    repayment=RepaymentTerms(method=ContractMethod.INTEREST_ONLY, fixed_day=20),
    early=EarlyTerms(modes=(Replan.REDUCE_INSTALMENT,)),
)


def save(terms, **more):
    return give(SaveProductVersion(terms=terms), **more)


def contract_of(loan_id):
    return replay(LoanAccount, loan_id).state.contract


class TestASavedVersion:
    def test_follows_the_shipped_one_and_takes_effect_on_its_day(self, books):
        seller = seller_with_line()
        assert save(CHEAPER).value() == {
            "code": "instalment-monthly",
            "version": 2,
            "effective_from": "2024-01-05",
            "annual_rate_max": "0.12000000",
            "term_of_max": 3,
        }
        before = seller.borrow(1_000_000)
        seller.close_through(date(2024, 1, 4))
        after = seller.borrow(1_000_000)
        versions = [
            (contract_of(loan).product_version, contract_of(loan).annual_rate_e8) for loan in (before, after)
        ]
        assert versions == [(1, 14_400_000), (2, 12_000_000)]
        assert_books_hold()

    def test_leaves_loans_on_earlier_versions_as_they_were(self, books):
        seller = seller_with_line()
        loan = seller.borrow(1_000_000)
        save(replace(CHEAPER, effective_from=seller.today())).value()
        seller.receive(200_000)
        seller.close_through(date(2024, 1, 12))
        seller.repay(loan, 100_000, kind="prepayment").value()
        state = replay(LoanAccount, loan).state
        assert (state.contract.product_version, state.contract.annual_rate_e8) == (1, 14_400_000)
        # Interest of eleven days at the rate of version 1.
        assert one("SELECT interest_minor FROM repayment") == 4_400
        assert_books_hold()

    def test_of_a_new_code_is_drawn_on_without_a_new_release(self, books):
        seller = seller_with_line()
        assert save(OWN).value()["version"] == 1
        loan = seller.borrow(1_000_000, product="own-interest-only", term=3)
        state = replay(LoanAccount, loan).state
        rows = list(state.rows.values())
        assert [row.due_on for row in rows] == [
            date(2024, 1, 20),
            date(2024, 2, 20),
            date(2024, 3, 20),
        ]
        assert [row.asked.principal_minor for row in rows] == [0, 0, 1_000_000]
        assert_books_hold()

    def test_is_the_same_after_it_was_read_back(self, books):
        save(OWN).value()
        assert OWN in all_versions()
        assert OWN in offered_products(FIRST_DAY)

    def test_with_the_same_key_is_saved_once(self, books):
        first, again = save(CHEAPER, key="one"), save(CHEAPER, key="one")
        assert again.replayed
        assert first.value() == again.value()
        assert one("SELECT count(*) FROM product_version") == 1

    @pytest.mark.parametrize(
        ("terms", "code", "field"),
        [
            (
                replace(CHEAPER, effective_from=date(2024, 1, 1)),
                "LEDGER_PRODUCT_VERSION_TOO_EARLY",
                "effective_from",
            ),
            (
                replace(OWN, pricing=PricingTerms(annual_rate_e8=24_000_000)),
                "LEDGER_PRODUCT_TERMS_INVALID",
                "pricing.own_ceiling",
            ),
        ],
    )
    def test_that_is_refused_leaves_the_catalogue_as_it_was(self, books, terms, code, field):
        before = fingerprint()
        refusal = save(terms).refusal
        assert (refusal.code, refusal.field) == (code, field)
        assert fingerprint() == before
        assert all_versions() == tuple(sorted(CATALOGUE, key=lambda found: found.code))

    def test_as_a_dry_run_is_checked_and_not_kept(self, books):
        before = fingerprint(attempts=True)
        assert save(CHEAPER, dry_run=True).value()["version"] == 2
        assert fingerprint(attempts=True) == before


class TestARetiredProduct:
    def test_is_drawn_on_no_more_and_its_loans_run_on(self, books):
        seller = seller_with_line()
        loan = seller.borrow(1_000_000)
        give(RetireProduct(code="instalment-monthly", reason="replaced")).value()
        refusal = seller.draw(1_000_000).refusal
        assert (refusal.code, refusal.field) == ("LEDGER_PRODUCT_NOT_OFFERED", "product_code")
        assert "instalment-monthly" not in {terms.code for terms in offered_products(seller.today())}
        seller.receive(1_100_000)
        seller.repay(loan, kind="payoff").value()
        assert replay(LoanAccount, loan).state.status == "settled"
        assert save(CHEAPER).refusal.code == "LEDGER_PRODUCT_RETIRED"
        assert_books_hold()

    def test_has_to_exist(self, books):
        before = fingerprint()
        assert give(RetireProduct(code="nothing", reason="x")).refusal.code == "LEDGER_PRODUCT_NEVER_SAVED"
        assert fingerprint() == before


def test_a_product_of_one_currency_is_not_lent_in_another(books):
    seller = seller_with_line(currency="USD")
    save(OWN).value()
    assert (
        seller.draw(1_000_000, product="own-interest-only", term=3).refusal.code
        == "LEDGER_PRODUCT_CURRENCY_DIFFERS"
    )
    assert one("SELECT count(*) FROM loan") == 0


def test_a_draw_without_batches_is_the_request_it_was_before_draws_could_have_any():
    """A key that was used before is answered from what was stored then."""
    asked = {
        "line_id": UUID(int=1),
        "account_id": UUID(int=2),
        "amount_minor": 5,
        "currency": "CNY",
        "product_code": "revolving-daily",
        "term": 30,
    }
    digest = hashlib.sha256(msgspec.json.encode(["request_drawdown", asked], order="sorted")).hexdigest()
    assert RequestDrawdown(**asked).fingerprint() == digest
    batches = (Batch(FIRST_DAY, 5),)
    assert RequestDrawdown(**asked, batches=batches).fingerprint() != digest
