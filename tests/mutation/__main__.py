"""Put mutants on trial: ``python -m tests.mutation [--sample N] [--seed N] [--jobs N] [group or module ..]``.

The run takes place in a copy of the tree, so that work on the tree can go on. It fails when a group's score
is below the bound or when the list of equivalent mutants is wrong.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tests.builders import brief_properties
from tests.mutation.court import apart, verdicts_on
from tests.mutation.equivalents import Equivalent, equivalents
from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.scope import REPOSITORY, paths_of
from tests.mutation.score import shortfalls, table
from tests.mutation.suite import first_run

COPIED = ("collection", "config", "docs", "ledger", "lending", "tests", "pyproject.toml")
# Imported once before the processes are split off; none of them imports the product.
LIBRARIES = ("eventsourcing.domain", "hypothesis.strategies", "msgspec")
IN_THE_COPY = "LOANBOOK_MUTATION_COPY"


def main(arguments: Sequence[str]) -> int:
    """Copy the tree and run there."""
    options = _options(arguments)
    if os.environ.get(IN_THE_COPY) == str(REPOSITORY):
        return _run(options)
    with tempfile.TemporaryDirectory(prefix="loanbook-mutation-") as directory:
        copy = Path(directory).resolve() / "tree"
        _copy_tree(copy)
        environment = {**os.environ, IN_THE_COPY: str(copy)}
        command = [sys.executable, "-m", "tests.mutation", *arguments]
        return subprocess.run(command, cwd=copy, env=environment, check=False).returncode


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("modules", nargs="*", help="groups, or modules by their file's name; all by default")
    parser.add_argument("--sample", type=int, help="put only so many mutants on trial, drawn by the seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument(
        "--bear-failures", action="store_true", help="go on without the tests that fail anyway"
    )
    return parser.parse_args(arguments)


def _copy_tree(copy: Path) -> None:
    copy.mkdir()
    for name in COPIED:
        if (REPOSITORY / name).is_dir():
            unwanted = shutil.ignore_patterns("__pycache__", ".hypothesis")
            shutil.copytree(REPOSITORY / name, copy / name, ignore=unwanted)
        else:
            shutil.copy(REPOSITORY / name, copy / name)


def _run(options: argparse.Namespace) -> int:
    started = time.monotonic()
    mutants = [mutant for path in paths_of(options.modules) for mutant in mutants_of(path)]
    known = equivalents()
    stale = _stale(known, mutants)
    if options.sample:
        mutants = random.Random(options.seed).sample(mutants, min(options.sample, len(mutants)))
    for library in LIBRARIES:
        __import__(library)
    brief_properties.settings.load_profile(brief_properties.PROFILE)
    suite = apart(partial(first_run, bears_failures=options.bear_failures))
    print(f"{len(suite.seconds)} tests, {len(mutants)} mutants, {time.monotonic() - started:.0f} s so far")
    verdicts = verdicts_on(mutants, suite, jobs=options.jobs, known=known)
    print("", *table(verdicts, known), "", sep="\n")
    failures = [*stale, *shortfalls(verdicts, known)]
    print(*failures or ["enough of them was noticed"], f"{time.monotonic() - started:.0f} s", sep="\n")
    return 1 if failures else 0


def _stale(known: Sequence[Equivalent], mutants: Sequence[Mutant]) -> list[str]:
    tried = {mutant.module for mutant in mutants}
    return [
        f"listed as equivalent, but no mutant is like that: {entry.module}: {entry.before} -> {entry.after}"
        for entry in known
        if entry.module in tried and not any(entry.is_of(mutant) for mutant in mutants)
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
