"""The figures of a demonstration as a person reads them.

Owns: tables and headings. Refuses to know: where figures come from and what they ought to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from config.demo.proofs import Proof

Say = Callable[[str], None]
HEADINGS = (
    ("applications", "Applications"),
    ("rejections", "Rejected for"),
    ("lines", "Credit lines"),
    ("loans", "Loans"),
    ("payouts", "Payouts at the sandbox bank"),
    ("repaid", "Repaid, by component"),
    ("overdue", "Overdue instalments"),
    ("deducted", "Deducted from linked accounts"),
    ("notices", "Notices"),
    ("blacklisted", "Blacklisted"),
    ("refused", "Refused commands, by reason"),
    ("outbox", "Outbox"),
    ("trial_balance", "Trial balance"),
)


def print_figures(figures: dict[str, Any], *, say: Say) -> None:
    """Print every table of figures; an empty one says so."""
    for name, heading in HEADINGS:
        say(f"\n{heading}")
        for line in table(figures[name]):
            say(f"  {line}")


def print_proofs(proofs: Iterable[Proof], *, say: Say) -> None:
    """Print what was proved."""
    say("\nProofs")
    for proof in proofs:
        say(f"  {proof.name:16} {'holds' if proof.holds else 'DOES NOT HOLD'}  {_summary(proof)}")


def print_performance(performance: dict[str, Any], counts: dict[str, Any], *, say: Say) -> None:
    """Print counts, rates and memory."""
    say("\nWork done")
    for name, count in counts.items():
        say(f"  {name.replace('_', ' '):18} {count}")
    rates = ", ".join(
        f"{rate} {name.replace('_', '-')}/s" for name, rate in performance["per_second"].items()
    )
    say(f"  at {rates}; wall time {performance['seconds_in_all']} s;")
    say(f"  peak memory of this process {performance['peak_memory_mib']} MiB")


def table(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return rows as aligned columns: text to the left, numbers and amounts to the right."""
    if not rows:
        return ["none"]
    names = list(rows[0])
    cells = [[_text(row[name]) for name in names] for row in rows]
    heads = [name.replace("_", " ") for name in names]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    right = [all(_is_number(line[place]) for line in cells) for place in range(len(names))]
    return [_aligned(line, widths, right) for line in (heads, *cells)]


def _aligned(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    placed = (
        cell.rjust(width) if to_right else cell.ljust(width)
        for cell, width, to_right in zip(cells, widths, right, strict=True)
    )
    return "  ".join(placed).rstrip()


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).removeprefix("-").isdigit() or text == "-"


def _text(value: Any) -> str:
    return "-" if value is None else str(value)


def _summary(proof: Proof) -> str:
    if proof.name == "rebuild":
        same = sum(row["identical"] for row in proof.details)
        rows = sum(row["rows"] for row in proof.details)
        return f"{same} of {len(proof.details)} tables identical, {rows} rows"
    if proof.name == "verification":
        problems = proof.details["problems"]
        return "\n    ".join([f"{len(problems)} problems", *problems])
    if proof.name == "followers":
        return f"{proof.details['followed']} of {proof.details['stored']} events followed"
    return f"{proof.details['currencies_that_differ']} currencies differ"
