"""What a reconciliation found, as text and as JSON.

Owns: the counts, the proof that differences explain the difference, and one line per break.
Refuses to know: how lines were matched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ledger.domain.reconciliation import CashMovement, Finding
from ledger.kernel.money import Money


def as_document(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return counts by outcome, totals by currency and all breaks."""
    return {
        "outcomes": dict(sorted(Counter(found.outcome.value for found in findings).items())),
        "totals": list(_totals(findings)),
        "breaks": [_break(found) for found in findings if found.is_break],
    }


def as_text(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the same for people."""
    document = as_document(findings)
    for outcome, count in document["outcomes"].items():
        yield f"{outcome:<18} {count:>8}"
    for total in document["totals"]:
        yield "{currency}: statement {bank}, books {books}, difference {difference}".format(**total)
    for listed in document["breaks"]:
        places = ", ".join(line["place"] for line in (*listed["bank"], *listed["books"]))
        yield f"{listed['outcome']}: {places}: {listed['difference']} {listed['currency']}"


def _totals(findings: Sequence[Finding]) -> Iterator[dict[str, str]]:
    for currency in sorted({line.currency for found in findings for line in (*found.bank, *found.books)}):
        sums = [
            sum(line.signed_minor for found in findings for line in side(found) if line.currency == currency)
            for side in (_bank, _books)
        ]
        amounts = [Money(minor, currency).as_text() for minor in (*sums, sums[0] - sums[1])]
        yield {"currency": currency, **dict(zip(("bank", "books", "difference"), amounts, strict=True))}


def _bank(found: Finding) -> tuple[CashMovement, ...]:
    return found.bank


def _books(found: Finding) -> tuple[CashMovement, ...]:
    return found.books


def _break(found: Finding) -> dict[str, Any]:
    currency = (*found.bank, *found.books)[0].currency
    return {
        "outcome": found.outcome.value,
        "currency": currency,
        "difference": Money(found.difference_minor, currency).as_text(),
        "bank": [_line(line) for line in found.bank],
        "books": [_line(line) for line in found.books],
    }


def _line(line: CashMovement) -> dict[str, str]:
    return {
        "place": line.place,
        "on": line.on.isoformat(),
        "amount": Money(line.signed_minor, line.currency).as_text(),
        "reference": line.reference,
    }
