"""Whatever a calculator is given, it answers or refuses by name; money is never lost in an answer.

Method: the worked inputs, with fields changed, removed, added and nested values replaced at random, by
values that are right somewhere else as well as by nonsense.
"""

from __future__ import annotations

import json
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

import collection.calculators
import lending.calculators
from ledger.calculators import CALCULATORS, calculate
from ledger.calculators.documenting import answer_to
from ledger.kernel.refusals import REFUSALS

OF_OTHER_APPS = (*lending.calculators.REGISTERED, *collection.calculators.REGISTERED)
words = st.sampled_from(
    sorted(
        {
            word
            for calculator in CALCULATORS.values()
            for field in calculator.shape.fields.values()
            for word in getattr(field.kind, "words", ())
        }
    )
)
amounts = st.integers(0, 10**9).map(lambda minor: f"{minor // 100}.{minor % 100:02}")
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 700),
    st.decimals(allow_nan=False, allow_infinity=False, places=3),
    amounts,
    st.dates().map(str),
    st.sampled_from(["0", "0.1", "1", "10", "-5.00", "0.00000001", "999999999999999.00"]),
    words,
    st.text(max_size=8),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def inputs(draw):
    name = draw(st.sampled_from(sorted(CALCULATORS)))
    calculator = CALCULATORS[name]
    given_fields = json.loads(json.dumps(calculator.example))
    for field in draw(st.lists(st.sampled_from(sorted(calculator.shape.fields)), max_size=4)):
        given_fields[field] = draw(values)
    nested = given_fields.get("schedule")
    if isinstance(nested, dict) and draw(st.booleans()):
        plan = CALCULATORS["schedule"].shape.fields
        for field in draw(st.lists(st.sampled_from(sorted(plan)), max_size=4)):
            nested[field] = draw(values)
    if draw(st.integers(0, 9)) == 0:
        given_fields.pop(draw(st.sampled_from(sorted(given_fields))), None)
    return name, given_fields


@settings(deadline=None, max_examples=400)
@given(case=inputs())
def test_every_input_is_answered_or_refused_by_name(case):
    name, data = case
    answer = answer_to(CALCULATORS[name], data)
    json.dumps(answer)
    if "refusal" in answer:
        assert answer["refusal"]["code"] in REFUSALS
        assert answer["refusal"]["message"]


@settings(deadline=None)
@given(
    principal=st.integers(100, 10**10),
    currency=st.sampled_from(["JPY", "CNY", "KWD"]),
    count=st.integers(1, 36),
    method=st.sampled_from(["equal_instalment", "equal_principal", "interest_only", "bullet", "flat"]),
)
def test_the_rows_of_an_answer_add_up_to_the_principal(principal, currency, count, method):
    scale = {"JPY": 0, "CNY": 2, "KWD": 3}[currency]
    text = str(Decimal(principal).scaleb(-scale))
    answer = calculate(
        "schedule",
        {
            "currency": currency,
            "principal": text,
            "method": method,
            "annual_rate": "0.12",
            "start": "2024-01-31",
            "count": count,
        },
    )["result"]
    assert sum(Decimal(row["principal"]) for row in answer["rows"]) == Decimal(text)
    assert sum(Decimal(row["total"]) for row in answer["rows"]) == Decimal(answer["totals"]["total"])
    assert Decimal(answer["rows"][-1]["closing"]) == 0
