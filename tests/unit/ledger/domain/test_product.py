"""A product's life: versions in their order, and nothing after it was retired."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from ledger.domain.product import Product, ProductIsRetired, ProductVersionTooEarly
from ledger.domain.product_matrix import COMMANDS, EVENT, MATRIX
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
