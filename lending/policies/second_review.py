"""When a granted limit needs a second review (D-147, D-148).

Owns: the threshold of amount and term, and the comparison with the computed limit.
Refuses to know: who reviews, and what a review finds. Both thresholds themselves need no second review:
500,000.00 is granted after the final review, 500,000.01 is not.
"""

from __future__ import annotations


def second_review_reasons(
    *,
    proposed_minor: int,
    computed_minor: int,
    above_minor: int,
    term_months: int | None,
    months_above: int,
) -> tuple[str, ...]:
    """Return why a proposed limit is looked at again; none means that it is not."""
    found = (
        ("amount_above_threshold", proposed_minor > above_minor),
        ("amount_above_computed", proposed_minor > computed_minor),
        ("term_above_threshold", term_months is not None and term_months > months_above),
    )
    return tuple(code for code, is_met in found if is_met)
