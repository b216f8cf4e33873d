"""Run every benchmark, print the answers and keep them: ``python -m bench [NAME ..]``."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

from bench import accrual, arithmetic, day_close, drawdown, events, hot_line, late_facts, memory, statement
from bench.setting import REPOSITORY, machine_facts, prepare

QUESTIONS = {
    "drawdown, one connection": drawdown.one_connection,
    "drawdown, 16 processes, slow disk": drawdown.many_processes_on_a_slow_disk,
    "50 drawdowns at once on one line": hot_line.fifty_drawdowns_at_once,
    "append of 1,000 events": events.append_a_thousand,
    "load of 100 and 1,000 events": events.load_streams,
    "follower catch-up": events.follower_catch_up,
    "accrual of one shard": accrual.accrual_of_one_shard,
    "whole day close": day_close.whole_day_close,
    "day close of a million loans": day_close.day_close_of_a_million,
    "late payments": late_facts.late_payments,
    "plans and payoff quotes": arithmetic.plans_and_quotes,
    "statement of a busy year": statement.statement_of_a_busy_year,
    "memory of web and worker": memory.web_and_worker,
}


def main(wanted: list[str]) -> None:
    """Measure what was asked for, or everything."""
    prepare()
    facts = machine_facts()
    answers = {}
    for name, question in QUESTIONS.items():
        if wanted and not any(word in name for word in wanted):
            continue
        answers[name] = question()
        print(f"{name}\n  " + "\n  ".join(f"{key}: {_shown(value)}" for key, value in answers[name].items()))
    facts["measured_at"] = datetime.now(UTC).isoformat(timespec="seconds")
    path = REPOSITORY / "bench" / "results" / f"{facts['measured_at'][:10]}-{facts['commit'] or 'none'}.json"
    path.write_text(json.dumps({"machine": facts, "answers": answers}, indent=2) + "\n")
    print(f"kept in {path.relative_to(REPOSITORY)}")


def _shown(value: object) -> str:
    return f"{value:,.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main(sys.argv[1:])
