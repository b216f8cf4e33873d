"""A product's life: versions in their order, and nothing after it was retired."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from msgspec import to_builtins

from ledger.domain.contract.payout_terms import PayoutTerms
from ledger.domain.product import Product, ProductIsRetired, ProductVersionTooEarly
from ledger.domain.product_matrix import COMMANDS, EVENT, MATRIX
from ledger.eventstore.codec import build_event
from ledger.policies.funding import OWN_FUNDING, FunderShare, Funding
from ledger.policies.product_catalogue import CATALOGUE

TODAY = date(2024, 3, 1)
TERMS = replace(CATALOGUE[0], code="mine", effective_from=TODAY)


def product(state="offered"):
    made = Product.blank(UUID(int=1))
    if state != "absent":
        made.save_version(effective_date=TODAY, terms=TERMS)
    if state == "retired":
        made.retire(effective_date=TODAY, reason="over")
    made.collect_events()
    return made


def give(made, command):
    if command == "save_version":
        made.save_version(effective_date=TODAY, terms=replace(TERMS, version=2))
    elif command == "adopt":
        made.adopt(effective_date=TODAY, terms=CATALOGUE[1])
    elif command == "agree_funding":
        made.agree_funding(effective_date=TODAY, code="mine", latest_version=0, funding=OWN_FUNDING)
    else:
        made.retire(effective_date=TODAY, reason="over")


@pytest.mark.parametrize(("state", "command"), sorted(MATRIX), ids=lambda part: part)
def test_every_command_in_every_state(state, command):
    made, cell = product(state), MATRIX[state, command]
    assert command in COMMANDS
    if cell == EVENT:
        give(made, command)
        assert len(made.pending_events) == 1
        return
    before = made.copy()
    with pytest.raises(cell):
        give(made, command)
    assert (made.state, made.version, made.pending_events) == (before.state, before.version, [])


class TestAVersion:
    def test_takes_effect_today_or_later_and_never_before_the_one_it_follows(self):
        made = product("absent")
        with pytest.raises(ProductVersionTooEarly):
            made.save_version(effective_date=TODAY, terms=replace(TERMS, effective_from=date(2024, 2, 29)))
        made.save_version(effective_date=TODAY, terms=replace(TERMS, effective_from=date(2024, 4, 1)))
        with pytest.raises(ProductVersionTooEarly) as refused:
            made.save_version(effective_date=TODAY, terms=replace(TERMS, version=2))
        assert refused.value.details == {"earliest": "2024-04-01"}
        made.save_version(
            effective_date=TODAY, terms=replace(TERMS, version=2, effective_from=date(2024, 4, 1))
        )
        assert made.state.latest_version == 2

    def test_that_ships_is_taken_over_as_it_is(self):
        made = product("absent")
        made.adopt(effective_date=TODAY, terms=CATALOGUE[1])
        assert (made.state.code, made.state.latest_effective_from) == ("revolving-daily", date(2016, 1, 1))
        made.retire(effective_date=TODAY, reason="over")
        with pytest.raises(ProductIsRetired):
            made.save_version(effective_date=TODAY, terms=replace(CATALOGUE[1], version=2))


class TestAnAgreementOnFunding:
    HALVES = Funding((FunderShare("own", 50_000_000), FunderShare("bank-a", 50_000_000)))

    def agreed(self, made, latest_version):
        return made.agree_funding(
            effective_date=TODAY, code="mine", latest_version=latest_version, funding=self.HALVES
        )

    def test_is_about_the_next_version_so_that_no_loan_changes_its_funders(self):
        made = product("absent")
        assert self.agreed(made, 0) == 1
        made.save_version(effective_date=TODAY, terms=TERMS)
        assert self.agreed(made, 0) == 2

    def test_counts_the_shipped_versions(self):
        assert self.agreed(product("absent"), 3) == 4

    def test_changes_nothing_else_about_the_product(self):
        made = product()
        before = made.copy().state
        self.agreed(made, 0)
        assert made.state == before


class TestAVersionOfAnEarlierRelease:
    def test_said_nothing_of_parts_and_is_paid_out_in_one_sum(self):
        terms = to_builtins(TERMS)
        del terms["payout"]
        payload = {"effective_date": TODAY.isoformat(), "terms": terms}
        event = build_event("product.version_saved", UUID(int=1), 1, payload)
        assert (event.terms, event.terms.payout) == (TERMS, PayoutTerms())
