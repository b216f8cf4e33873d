"""What is mutated, by which name it is asked for, and which tests are asked.

Owns: the modules, the tests that need neither database nor Django, and the share that has to be noticed.
Refuses to know: how a module is changed and how a test is run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
NOTICED_MIN_PERCENT = 85

# The parts of servicing, by the question they answer.
_PLANNING = ("planning", "periods_again", "plan_rows", "rows_taken_out", "disbursing")
_GROWING = ("growing", "early", "rate_index", "keeping")
_SHARING = ("payments", "sharing", "running_totals")
_ARREARS = ("claims", "decisions", "life", "standing")

MODULES: dict[str, tuple[str, ...]] = {
    "schedule": tuple(f"ledger/domain/servicing/{name}.py" for name in _PLANNING),
    "interest": (
        "ledger/domain/interest.py",
        "ledger/domain/accrual.py",
        "ledger/domain/fee_deferral.py",
        "ledger/domain/loan_growth.py",
        "ledger/domain/loan_questions.py",
        *(f"ledger/domain/servicing/{name}.py" for name in _GROWING),
    ),
    "allocation": (
        "ledger/domain/allocation.py",
        "ledger/domain/allocation_rules.py",
        "ledger/domain/loan_payments.py",
        *(f"ledger/domain/servicing/{name}.py" for name in _SHARING),
    ),
    "penalty": (
        "ledger/domain/penalty.py",
        "ledger/domain/overdue_charges.py",
        *(f"ledger/domain/servicing/{name}.py" for name in _ARREARS),
    ),
    "plans": ("ledger/domain/plans/*.py",),
    "annual_rates": ("ledger/domain/annual_rates/*.py",),
    "kernel": tuple(
        f"ledger/kernel/{name}.py"
        for name in (
            "business_days",
            "day_count",
            "frequencies",
            "money",
            "periods",
            "rates",
            "root_finding",
            "rounding",
        )
    ),
    "policies": tuple(
        f"ledger/policies/{name}.py" for name in ("classification", "provisioning", "rate_ceiling", "upgrade")
    ),
}
# The tests that mirror these modules and the laws; none needs a database, Django or more than some seconds.
TESTS = (
    "tests/unit/ledger/domain",
    "tests/unit/ledger/kernel",
    "tests/unit/ledger/policies",
    "tests/properties/test_accrual_laws.py",
    "tests/properties/test_money_laws.py",
    "tests/properties/test_plan_laws.py",
    "tests/properties/test_schedule_laws.py",
    "tests/properties/test_servicing_laws.py",
)
# Refusals are known by code and kind in the published list; a change to either is noticed there.
TESTS_OF_DECLARATIONS = ("tests/unit/ledger/kernel/test_refusals.py",)


def paths_of(names: Sequence[str]) -> list[Path]:
    """Return the files that groups or the stems of modules name; no name means all."""
    every = [path for group in MODULES for path in _files(MODULES[group])]
    if not names:
        return every
    found = []
    for name in names:
        named = _files(MODULES.get(name, ())) or [path for path in every if path.stem == name]
        if not named:
            raise SystemExit(f"There is no group or module {name}; groups are {', '.join(MODULES)}.")
        found += [path for path in named if path not in found]
    return found


def group_of(path: Path) -> str:
    """Return the group a file belongs to."""
    return next(group for group in MODULES if path in _files(MODULES[group]))


def _files(patterns: Iterable[str]) -> list[Path]:
    files = (path for pattern in patterns for path in sorted(REPOSITORY.glob(pattern)))
    return [path for path in files if path.name != "__init__.py"]
