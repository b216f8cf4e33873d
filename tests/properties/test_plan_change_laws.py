"""Changes of running plans: whatever is changed and how often, principal is kept and the balance ends at zero.

Method: plans of every method, and up to five changes drawn at random on rising days. A change may be refused
by name; one that is made leaves a plan that holds, and undoing it gives the plan before.
"""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta

from django.conf import settings as settings_of_project
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ledger.calculators import CALCULATORS
from ledger.calculators.documenting import answer_to
from ledger.domain.plan_changes.acceleration import Ground, Notice, accelerate
from ledger.domain.plan_changes.deferral import DeferralInterest, defer, extend, interest_only, skip
from ledger.domain.plan_changes.earned_interest import Earned
from ledger.domain.plan_changes.fingerprint import fingerprint
from ledger.domain.plan_changes.interest_relief import capitalise, forgive
from ledger.domain.plan_changes.payments import Payments
from ledger.domain.plan_changes.rate_changes import change_rate, pause
from ledger.domain.plan_changes.re_ageing import Placing, ReAge, re_age, re_amortise
from ledger.domain.plan_changes.rows_to_come import Remake
from ledger.domain.plan_changes.tranches import Tranche, disburse
from ledger.domain.plan_changes.versions import agreed_version, undo
from ledger.domain.plans.choices import GraceInterest
from ledger.domain.plans.rate_table import RateStep
from ledger.domain.plans.walking import InstalmentBelowInterest
from ledger.kernel.frequencies import Unit
from ledger.kernel.refusals import REFUSALS, Refusal
from tests.properties.test_plan_laws import frequencies, plan_terms
from tests.unit.ledger.domain.plan_changes.building import assert_holds

remakes = st.sampled_from(Remake)
parts = st.sets(st.sampled_from(Earned), min_size=1)


def drawn_change(draw, on, payments):
    """Return a change as a function from a version to the next."""
    days, few = st.integers(1, 60), st.integers(0, 4)
    tranche = Tranche(amount_minor=draw(st.integers(1, 10**9)))
    step = RateStep(on, draw(st.integers(0, 30_000_000)))
    new = ReAge(
        rows=draw(st.integers(1, 8)),
        first_due_on=on + timedelta(days=draw(days)),
        frequency=draw(frequencies),
        charges_interest=draw(st.booleans()),
        takes_overdue_interest=draw(st.booleans()),
        placing=draw(st.sampled_from(Placing)),
        fees_minor=draw(st.integers(0, 100)),
    )
    how, count, unit = draw(remakes), draw(few), draw(st.sampled_from(Unit))
    deferral, grace = draw(st.sampled_from(DeferralInterest)), draw(st.sampled_from(GraceInterest))
    chosen, extends, until = draw(parts), draw(st.booleans()), on + timedelta(days=draw(days))
    return draw(
        st.sampled_from(
            [
                lambda v: disburse(v, on=on, tranche=tranche, how=how, payments=payments),
                lambda v: defer(v, on=on, by=count, unit=unit, interest=deferral),
                lambda v: extend(v, on=on, rows=count),
                lambda v: interest_only(v, on=on, rows=count, extends=extends),
                lambda v: skip(v, on=on, rows=count, interest=grace, extends=extends, has_consent=True),
                lambda v: change_rate(v, on=on, steps=[step], how=how),
                lambda v: pause(v, on=on, until=until, how=how),
                lambda v: capitalise(v, on=on, parts=chosen, payments=payments, has_consent=True),
                lambda v: forgive(v, on=on, parts=chosen, payments=payments),
                lambda v: re_age(v, on=on, new=new, payments=payments),
                lambda v: re_amortise(v, on=on, payments=payments, takes_overdue_interest=extends),
                lambda v: accelerate(v, on=on, notice=Notice(ground=Ground.FRAUD), payments=payments),
            ]
        )
    )


def agreed(terms):
    try:
        return agreed_version(terms)
    except InstalmentBelowInterest:
        assume(False)


@settings(deadline=None, max_examples=50)
@given(terms=plan_terms(), data=st.data())
def test_principal_is_kept_through_any_changes(terms, data):
    version = agreed(terms)
    on = version.on
    for _ in range(data.draw(st.integers(1, 5))):
        on += timedelta(days=data.draw(st.integers(0, 45)))
        due = [row.period.number for row in version.rows if row.period.due_on <= on]
        paid = data.draw(st.integers(0, max(due, default=0)))
        change = drawn_change(data.draw, on, Payments(paid))
        try:
            changed = change(version)
        except Refusal:
            continue
        assert_holds(changed)
        kept = [row for row in version.rows if row.period.due_on <= on]
        assert len(changed.rows[: len(kept)]) == len(kept)
        assert (changed.replaces, changed.number) == (version, version.number + 1)
        back = undo(changed, on=on)
        assert (back.rows, back.terms, back.movements) == (version.rows, version.terms, version.movements)
        assert fingerprint(back.rows) == fingerprint(version.rows)
        version = changed


EXAMPLES = json.loads(
    (settings_of_project.BASE_DIR / "docs/api/calculators/restructure.examples.json").read_text("utf-8")
)
FIELDS = CALCULATORS["restructure"].shape.fields["changes"].kind.item.fields
words = st.sampled_from(
    sorted({word for field in FIELDS.values() for word in getattr(field.kind, "words", ())})
)
anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(0, 9),
    st.dates(date(2024, 3, 1), date(2024, 12, 31)).map(str),
    st.sampled_from(["0", "0.05", "1", "12.34", "60000.00"]),
    words,
    st.lists(words, max_size=2),
)


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_whatever_change_is_asked_for_is_answered_or_refused_by_name(data):
    # Copies: what is changed in one example must not be met again in the next.
    asked, other = (deepcopy(data.draw(st.sampled_from(EXAMPLES))["input"]) for _ in range(2))
    asked["changes"] = sorted([*asked["changes"], *other["changes"]], key=lambda change: change["on"])
    change = data.draw(st.sampled_from(asked["changes"]))
    for field in data.draw(st.lists(st.sampled_from(sorted(FIELDS)), max_size=3)):
        change[field] = data.draw(anything)
    answer = answer_to(CALCULATORS["restructure"], asked)
    json.dumps(answer)
    if "refusal" in answer:
        assert answer["refusal"]["code"] in REFUSALS
    else:
        assert answer["output"]["result"]["rows"][-1]["closing"] == "0.00"


@settings(deadline=None, max_examples=60)
@given(terms=plan_terms(), unit=st.sampled_from(Unit), days=st.integers(0, 200))
def test_a_change_by_nothing_is_no_change(terms, unit, days):
    version = agreed(terms)
    on = terms.start + timedelta(days=days)
    assume(on < version.maturity)
    try:
        moved = defer(version, on=on, by=0, unit=unit)
    except Refusal:
        assume(False)
    assert (moved.rows, moved.terms) == (version.rows, version.terms)
    assert extend(version, on=on, rows=0).rows == version.rows


@settings(deadline=None, max_examples=60)
@given(terms=plan_terms(), more=st.integers(1, 10**9))
def test_a_tranche_on_the_first_day_is_a_larger_loan(terms, more):
    version = agreed(terms)
    larger = agreed(replace(terms, principal_minor=terms.principal_minor + more))
    try:
        grown = disburse(version, on=terms.start, tranche=Tranche(amount_minor=more))
    except InstalmentBelowInterest:
        assume(False)
    assert [(row.principal_minor, row.interest_minor) for row in grown.rows] == [
        (row.principal_minor, row.interest_minor) for row in larger.rows
    ]
