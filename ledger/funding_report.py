"""Whose money is out: principal, income and losses of loans, divided among the parties that fund their product.

Owns: the sums per product, version and currency, and their division by the agreement in force for the version a
loan was drawn on. Refuses to know: payments to funders. Each sum is divided once, so that the parts of all parties
add up to the accounts to the last minor unit. What names no loan is the lender's own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from ledger.book_models import ProductFunding
from ledger.book_moment import BookMoment
from ledger.domain.chart_of_accounts import family_of
from ledger.eventstore.consistent_view import one_view
from ledger.policies.funding import OWN_FUNDING, Agreement, FunderShare, Funding, funding_of

# What is reported: accounts whose debits count, and accounts whose credits count.
MEASURES: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "principal": (("1301", "1302", "1303"), "D"),
    "interest_income": (("6011",), "C"),
    "penalty_income": (("6012",), "C"),
    "losses": (("6051", "6061", "6702", "6711"), "D"),
}
_MEASURE_OF_ACCOUNT: Final = [
    (code, name, side) for name, (tops, side) in MEASURES.items() for top in tops for code in family_of(top)
]
_SUMS: Final = (
    "WITH part AS (SELECT line.posting_date, line.shard, line.pos, line.loan_id, line.currency::text AS currency,"
    " measure.name, CASE WHEN line.side = measure.side THEN line.amount_minor ELSE -line.amount_minor END AS amount"
    " FROM journal_line line JOIN unnest(%(codes)s::text[], %(names)s::text[], %(sides)s::text[])"
    "  measure(code, name, side) ON measure.code = line.account"
    " WHERE NOT EXISTS (SELECT 1 FROM journal_entry run WHERE run.posting_date = line.posting_date"
    "  AND run.shard = line.shard AND run.pos = line.pos AND run.topic = 'accrual.run_posted')"
    " UNION ALL SELECT run.posting_date, run.shard, run.pos, accrual.loan_id, loan.currency::text,"
    " CASE accrual.kind WHEN 'interest' THEN 'interest_income' ELSE 'penalty_income' END, accrual.amount_minor"
    " FROM accrual_row accrual JOIN loan ON loan.id = accrual.loan_id"
    " JOIN journal_entry run ON run.posting_date = accrual.business_date AND run.shard = accrual.shard"
    "  AND run.topic = 'accrual.run_posted' WHERE accrual.kind IN ('interest', 'penalty', 'compound'))"
    " SELECT coalesce(loan.product_code, ''), coalesce(loan.product_version, 0), part.currency, part.name,"
    " sum(part.amount)::bigint FROM part JOIN journal_entry entry USING (posting_date, shard, pos)"
    " JOIN es_event event USING (shard, pos) LEFT JOIN loan ON loan.id = part.loan_id"
    " WHERE {condition} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
)


@dataclass(frozen=True)
class FunderPart:
    """One party's part in one currency; amounts are minor units, losses positive."""

    funder: str
    currency: str
    principal_minor: int
    interest_income_minor: int
    penalty_income_minor: int
    losses_minor: int


@dataclass(frozen=True)
class FundingLine(FunderPart):
    """One party's part in the loans of one version of a product; no code is what names no loan."""

    product_code: str
    product_version: int
    share_e8: int


def funding_report(*, moment: BookMoment) -> list[FundingLine]:
    """Return every party's part per product, version and currency. Refuses KnownAtInFuture, Busy."""
    moment.settle()
    with one_view():
        agreements = funding_agreements()
        sums = _sums(moment)
    found: list[FundingLine] = []
    for (code, version, currency), amounts in sums.items():
        funding = funding_of(version, agreements=agreements.get(code, ())) if code else OWN_FUNDING
        found.extend(_divided(funding, code, version, currency, amounts))
    return found


def funder_totals(lines: list[FundingLine]) -> list[FunderPart]:
    """Return every party's part in all products, by currency and name."""
    totals: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for line in lines:
        held = totals[line.currency, line.funder]
        held.update({f"{name}_minor": getattr(line, f"{name}_minor") for name in MEASURES})
    return [
        FunderPart(
            funder=funder, currency=currency, **{f"{name}_minor": held[f"{name}_minor"] for name in MEASURES}
        )
        for (currency, funder), held in sorted(totals.items())
    ]


def funding_agreements(*, code: str | None = None) -> dict[str, list[Agreement]]:
    """Return the agreements of every product, or of one, in the order of their versions."""
    rows = ProductFunding.objects.all() if code is None else ProductFunding.objects.filter(code=code)
    shares: dict[tuple[str, int], list[FunderShare]] = defaultdict(list)
    for row in rows.order_by("code", "from_version", "place"):
        shares[row.code, row.from_version].append(FunderShare(row.funder, row.share_e8))
    found: dict[str, list[Agreement]] = defaultdict(list)
    for (product, version), parts in shares.items():
        found[product].append(Agreement(product, version, Funding(tuple(parts))))
    return dict(found)


def _divided(
    funding: Funding, code: str, version: int, currency: str, amounts: Counter[str]
) -> list[FundingLine]:
    parts = {name: dict(funding.divided(amounts[name])) for name in MEASURES}
    return [
        FundingLine(
            funder=share.funder,
            currency=currency,
            product_code=code,
            product_version=version,
            share_e8=share.share_e8,
            **{f"{name}_minor": parts[name][share.funder] for name in MEASURES},
        )
        for share in funding.shares
    ]


def _sums(moment: BookMoment) -> dict[tuple[str, int, str], Counter[str]]:
    condition, params = moment.condition()
    codes, names, sides = zip(*_MEASURE_OF_ACCOUNT, strict=True)
    values: dict[str, Any] = {"codes": list(codes), "names": list(names), "sides": list(sides), **params}
    found: dict[tuple[str, int, str], Counter[str]] = defaultdict(Counter)
    with connection.cursor() as cursor:
        cursor.execute(_SUMS.format(condition=condition), values)
        for code, version, currency, name, amount in cursor.fetchall():
            found[code, version, currency][name] += amount
    return dict(found)
