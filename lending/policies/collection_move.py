"""What a C card's proposal becomes for a loan of a bucket (D-305).

Owns: from which bucket on a message is too little, and from which on legal action may be proposed at all.
Refuses to know: scores, and how a borrower is contacted. A message is for the first month overdue only; a case
goes to court no earlier than the third, however low the score: before that somebody calls.
"""

from __future__ import annotations

from typing import Final

SMS, CALL, LEGAL = "sms", "call", "legal"
BUCKETS: Final = ("M1", "M2", "M3", "M4", "M5", "M6", "M6+")
CALL_FROM: Final = "M2"
LEGAL_FROM: Final = "M3"


def move_for(proposed: str, *, bucket: str) -> str:
    """Return what is done; the bucket may make a proposal stricter or milder."""
    month = BUCKETS.index(bucket)
    if proposed == SMS and month >= BUCKETS.index(CALL_FROM):
        return CALL
    if proposed == LEGAL and month < BUCKETS.index(LEGAL_FROM):
        return CALL
    return proposed
