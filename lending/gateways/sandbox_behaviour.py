"""How the sandbox bank behaves for one instruction.

Owns: the table of account tokens that choose a behaviour, and the seeded shares for the others.
Refuses to know: payments. The same token, reference and seed behave the same way on every machine.

| token ends in     | behaviour                                                             |
| ----------------- | --------------------------------------------------------------------- |
| -fail             | refused by the bank, with a reason                                    |
| -timeout-before   | first sending: no answer, nothing paid; a later sending pays          |
| -timeout-after    | first sending: no answer, but paid; a later sending says so           |
| -unreachable      | no sending is ever answered, nothing is paid                          |
| -twice            | paid, and the same notification comes two times                       |
| -slow             | accepted; paid by notification                                        |
| -slow-fail        | accepted; failed by notification                                      |
| anything else     | by the shares, and paid at once for what they leave over              |
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

PER_MILLE = 1_000


class Behaviour(StrEnum):
    """One way in which the sandbox bank treats an instruction."""

    PAY = "pay"
    FAIL = "fail"
    TIMEOUT_BEFORE = "timeout-before"
    TIMEOUT_AFTER = "timeout-after"
    UNREACHABLE = "unreachable"
    TWICE = "twice"
    SLOW = "slow"
    SLOW_FAIL = "slow-fail"


# Longest first, so that "-slow-fail" is not read as "-fail".
_BY_SUFFIX = sorted((b for b in Behaviour if b is not Behaviour.PAY), key=lambda b: -len(b.value))


@dataclass(frozen=True, slots=True)
class BehaviourTable:
    """``shares`` gives behaviours to references in parts per thousand; they sum to 1000 or less."""

    seed: str = ""
    shares: tuple[tuple[Behaviour, int], ...] = ()

    def __post_init__(self) -> None:
        parts = [share for _, share in self.shares]
        if any(part < 0 for part in parts) or sum(parts) > PER_MILLE:
            raise ValueError("shares are parts per thousand that sum to 1000 or less")

    def behaviour_for(self, *, account_token: str, reference: str) -> Behaviour:
        """Return what the token asks for, else what the shares give to the reference."""
        for behaviour in _BY_SUFFIX:
            if account_token.endswith(f"-{behaviour}"):
                return behaviour
        return self._by_share(reference)

    def _by_share(self, reference: str) -> Behaviour:
        digest = sha256(f"{self.seed}|{reference}".encode()).digest()
        point = int.from_bytes(digest[:8], "big") % PER_MILLE
        for behaviour, share in self.shares:
            if point < share:
                return behaviour
            point -= share
        return Behaviour.PAY
