"""How long each phase of a demonstration takes, and what it needs.

Owns: the stopwatch, the rates and the peak of memory. Refuses to know: what the phases do. These are the
only figures of a demonstration that differ between two runs with the same seed.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

MIB = 1024 * 1024


@dataclass
class Phases:
    """Wall time per phase, in seconds."""

    say: Callable[[str], None]
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Time a phase and say when it is done."""
        started = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - started
        self.say(f"[{self.seconds[name]:6.1f} s] {name}")

    def performance(self, counts: dict[str, Any], *, working: tuple[str, ...]) -> dict[str, Any]:
        """Return times, what was done per second of the working phases, and the peak of memory."""
        worked = sum(self.seconds.get(name, 0.0) for name in working)
        return {
            "seconds": {name: round(seconds, 2) for name, seconds in self.seconds.items()},
            "seconds_in_all": round(sum(self.seconds.values()), 2),
            "per_second": {
                name: round(counts[name] / worked, 1) if worked else 0.0
                for name in ("commands", "events", "loan_days")
            },
            "peak_memory_mib": round(peak_memory() / MIB, 1),
        }


def peak_memory() -> int:
    """Return the most memory this process has held, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
