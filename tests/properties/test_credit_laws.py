"""Laws of scores and limits: better figures never hurt, caps hold, and the order of a listing means nothing.

Method: cards with random weights, bins and points are built soundly and scored; limits are computed from
random turnovers and policies.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from lending.policies.binning import Interval, NumericBins
from lending.policies.limit import assess_limit
from lending.policies.limit_policy import LimitPolicy
from lending.policies.published_cards import APPLICATION_CARD, CARDS
from lending.policies.scorecard import Group, Indicator
from lending.policies.scoring import score_card

MONTHS = [f"2024-{month:02d}" for month in range(1, 7)]
points = st.integers(0, 100).map(Decimal)
values = st.integers(-50, 150).map(Decimal)


@st.composite
def tables(draw, *, rising=False):
    bounds = sorted(draw(st.sets(st.integers(-40, 140), max_size=4)))
    edges = [None, *map(Decimal, bounds), None]
    worth = draw(st.lists(points, min_size=len(edges) - 1, max_size=len(edges) - 1))
    worth = sorted(worth) if rising else worth
    rows = zip(edges, edges[1:], worth, strict=False)
    return NumericBins(tuple(Interval(*row) for row in rows), draw(points))


@st.composite
def cards(draw, *, rising=False):
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), max_size=3)))
    weights = [high - low for low, high in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    groups = []
    for at, weight in enumerate(weights):
        count = draw(st.integers(1, 3))
        held = [Indicator(f"i{at}.{n}", draw(tables(rising=rising))) for n in range(count)]
        groups.append(Group(f"g{at}", weight, tuple(held)))
    return replace(APPLICATION_CARD, groups=tuple(groups))


def names_of(card):
    return [held.name for group in card.groups for held in group.indicators]


def scored(card, figures):
    return score_card(card=card, figures=figures, group_scores={})


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_a_better_figure_never_lowers_the_score_where_points_rise(data):
    card = data.draw(cards(rising=True))
    figures = {name: data.draw(values) for name in names_of(card)}
    name = data.draw(st.sampled_from(names_of(card)))
    better = {**figures, name: figures[name] + data.draw(st.integers(0, 100))}
    assert scored(card, better).exact >= scored(card, figures).exact
    assert scored(card, better).total >= scored(card, figures).total


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_a_score_does_not_depend_on_how_a_card_is_listed(data):
    card = data.draw(cards())
    figures = {name: data.draw(st.none() | values) for name in names_of(card)}
    shuffled = replace(
        card,
        groups=tuple(
            replace(group, indicators=tuple(data.draw(st.permutations(group.indicators))))
            for group in data.draw(st.permutations(card.groups))
        ),
        bands=tuple(data.draw(st.permutations(card.bands))),
    )
    first, second = scored(card, figures), scored(shuffled, figures)
    assert (first.exact, first.grade, first.decision) == (second.exact, second.grade, second.decision)
    assert first.reasons == second.reasons


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_contributions_and_losses_add_up_to_the_best_total(data):
    card = data.draw(cards())
    score = scored(card, {name: data.draw(st.none() | values) for name in names_of(card)})
    rows = [held for group in score.groups for held in group.indicators]
    assert sum(held.contribution for held in rows) == score.exact
    assert sum(held.contribution + held.lost for held in rows) == 100
    assert abs(Fraction(score.total) - score.exact) <= Fraction(1, 200)


@given(card=st.sampled_from(CARDS), low=points, high=points)
def test_a_higher_score_never_has_a_worse_decision(card, low, high):
    low, high = sorted((low, high))
    decisions = [band.decision for band in sorted(card.bands, key=lambda band: -band.at_least)]
    names = [group.name for group in card.groups]
    worse, better = (
        score_card(card=card, figures={}, group_scores=dict.fromkeys(names, score)).decision
        for score in (low, high)
    )
    assert decisions.index(better) <= decisions.index(worse)


amounts = st.integers(0, 10**10)
policies = st.builds(
    LimitPolicy,
    turnover_share_bps=st.integers(1_000, 3_000),
    tax_multiple_bps=st.integers(30_000, 50_000),
    invoice_share_bps=st.integers(500, 1_000),
    potential_bps=st.integers(5_000, 12_000),
    combination=st.sampled_from(["max", "min", "sum"]),
    limit_max_units=st.integers(100, 10**6),
)


def limit(policy, turnover, *, debt=5_000, since=date(2022, 7, 15), clean=True, tax=None, invoices=None):
    return assess_limit(
        applied_on=date(2024, 7, 15),
        currency="CNY",
        turnover_minor=dict(zip(MONTHS, turnover, strict=True)),
        tax_12_months_minor=tax,
        invoices_12_months_minor=invoices,
        trading_since=since,
        clean_record=clean,
        industry_code="other",
        debt_ratio_bps=debt,
        policy=policy,
    ).limit_minor


turnovers = st.lists(amounts, min_size=6, max_size=6)


@settings(deadline=None, max_examples=60)
@given(policy=policies, turnover=turnovers, tax=st.none() | amounts, invoices=st.none() | amounts)
def test_a_limit_never_exceeds_its_cap_and_is_whole_steps(policy, turnover, tax, invoices):
    found = limit(policy, turnover, tax=tax, invoices=invoices)
    assert 0 <= found <= policy.limit_max_units * 100
    assert found % (policy.rounding_units * 100) == 0
    assert found == 0 or found >= policy.limit_min_units * 100


@settings(deadline=None, max_examples=60)
@given(policy=policies, turnover=turnovers, tax=st.none() | amounts, invoices=amounts)
def test_another_base_never_lowers_a_limit_that_takes_the_highest(policy, turnover, tax, invoices):
    policy = replace(policy, combination="max")
    assert limit(policy, turnover, tax=tax, invoices=invoices) >= limit(policy, turnover, tax=tax)


@settings(deadline=None, max_examples=60)
@given(policy=policies, turnover=turnovers, more=amounts, debts=st.tuples(*[st.integers(0, 7_000)] * 2))
def test_more_turnover_and_less_debt_never_lower_a_limit(policy, turnover, more, debts):
    policy = replace(policy, combination="max")
    low, high = sorted(debts)
    larger = [turnover[0] + more, *turnover[1:]]
    assert limit(policy, larger) >= limit(policy, turnover)
    assert limit(policy, turnover, debt=low) >= limit(policy, turnover, debt=high)
    assert limit(policy, turnover) >= limit(policy, turnover, clean=False)
    assert limit(policy, turnover) >= limit(policy, turnover, since=date(2024, 1, 1))


@settings(deadline=None, max_examples=60)
@given(policy=policies, turnover=turnovers, order=st.randoms())
def test_a_limit_does_not_depend_on_the_order_of_months(policy, turnover, order):
    shuffled = list(turnover)
    order.shuffle(shuffled)
    assert limit(policy, shuffled) == limit(policy, turnover)
