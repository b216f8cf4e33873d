"""Who funds a product: agreed for versions to come, and the report divides the accounts to the last cent."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from ledger.account_balances import trial_balance
from ledger.book_moment import BookMoment
from ledger.commands.agree_funding import AgreeFunding
from ledger.commands.save_product import SaveProductVersion
from ledger.funding_report import MEASURES, funder_totals, funding_agreements, funding_report
from ledger.policies.funding import FunderShare
from ledger.policies.product_catalogue import CATALOGUE
from tests.builders.books import assert_books_hold
from tests.builders.lives import troubled_life
from tests.builders.sellers import give, one, seller_with_line
from tests.builders.storage import fingerprint
from tests.conftest import FIRST_DAY

THIRDS = (
    FunderShare("own", 33_333_334),
    FunderShare("bank-a", 33_333_333),
    FunderShare("bank-b", 33_333_333),
)
CODE = "instalment-monthly"


def agree(shares=THIRDS, code=CODE):
    return give(AgreeFunding(code=code, shares=shares))


def save_next():
    shipped = next(terms for terms in CATALOGUE if terms.code == CODE)
    return give(SaveProductVersion(terms=replace(shipped, effective_from=FIRST_DAY))).value()["version"]


def whole(moment=BookMoment()):  # noqa: B008 - the moment is frozen
    sums = Counter()
    for row in trial_balance(moment=moment):
        for name, (accounts, side) in MEASURES.items():
            if row.account in accounts:
                sums[name, row.currency] += row.balance_minor if side == "D" else -row.balance_minor
    return {key: minor for key, minor in sums.items() if minor}


def parts(lines):
    sums = Counter()
    for line in lines:
        for name in MEASURES:
            sums[name, line.currency] += getattr(line, f"{name}_minor")
    return {key: minor for key, minor in sums.items() if minor}


class TestAnAgreement:
    def test_is_for_the_next_version_and_leaves_loans_that_exist_with_their_funders(self, books):
        seller = seller_with_line()
        seller.borrow(1_000_000)
        assert agree().value() == {"code": CODE, "from_version": 2}
        seller.borrow(200_000)
        assert {line.funder for line in funding_report(moment=BookMoment())} == {"own"}
        assert save_next() == 2
        seller.borrow(100_000)
        lines = {
            (line.product_version, line.funder): line.principal_minor
            for line in funding_report(moment=BookMoment())
        }
        assert lines == {
            (1, "own"): 1_200_000,
            (2, "own"): 33_334,
            (2, "bank-a"): 33_333,
            (2, "bank-b"): 33_333,
        }
        assert_books_hold()

    def test_may_be_made_anew_until_the_version_is_saved(self, books):
        agree().value()
        other = (FunderShare("bank-c", 100_000_000),)
        assert agree(other).value()["from_version"] == 2
        assert [agreed.funding.shares for agreed in funding_agreements()[CODE]] == [other]
        save_next()
        assert agree().value()["from_version"] == 3
        assert [agreed.from_version for agreed in funding_agreements(code=CODE)[CODE]] == [2, 3]
        assert_books_hold()

    def test_with_shares_that_are_not_the_whole_changes_nothing(self, books):
        before = fingerprint()
        assert agree(THIRDS[:2]).refusal.code == "LEDGER_FUNDING_INVALID"
        assert fingerprint() == before
        assert_books_hold()


class TestTheReport:
    def test_divides_exactly_what_the_accounts_hold_at_any_moment(self, books):
        agree().value()
        save_next()
        agree((FunderShare("bank-a", 99_999_999), FunderShare("own", 1)), code="revolving-daily").value()
        troubled_life()
        known = one("SELECT recorded_at FROM es_event ORDER BY recorded_at DESC OFFSET 40 LIMIT 1")
        for moment in (BookMoment(), BookMoment(None, known), BookMoment(FIRST_DAY.replace(month=2))):
            lines = funding_report(moment=moment)
            assert parts(lines) == whole(moment) != {}
            assert parts(funder_totals(lines)) == parts(lines)
        totals = {part.funder: part for part in funder_totals(funding_report(moment=BookMoment()))}
        assert set(totals) == {"own", "bank-a", "bank-b"}
        assert totals["bank-a"].interest_income_minor > 0
        assert totals["bank-a"].penalty_income_minor > 0
        assert_books_hold()

    def test_of_empty_books_is_empty(self, books):
        assert funding_report(moment=BookMoment()) == []
