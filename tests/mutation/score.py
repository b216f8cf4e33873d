"""The share of mutants that tests noticed, by module and by group, and whether it is enough.

Owns: the arithmetic and the table. Refuses to know: how a verdict came about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from tests.mutation.equivalents import Equivalent
from tests.mutation.mutants import Mutant
from tests.mutation.scope import NOTICED_MIN_PERCENT, REPOSITORY, group_of
from tests.mutation.trial import Verdict

SURVIVORS = frozenset({Verdict.SURVIVED, Verdict.UNREACHED})
Verdicts = Mapping[Mutant, Verdict]


def table(verdicts: Verdicts, known: Iterable[Equivalent]) -> Iterator[str]:
    """Yield one line for each module, each group and all together."""
    equal = list(known)
    tallies: dict[str, Counter[str]] = {}
    for mutant, verdict in verdicts.items():
        group = group_of(mutant.path)
        for name in (f"{group}  {mutant.path.relative_to(REPOSITORY)}", f"{group}  all", "~ all"):
            tallies.setdefault(name, Counter())[_column(mutant, verdict, equal)] += 1
    yield f"{'':58} mutants  noticed  survived  equivalent  score"
    for name, tally in sorted(tallies.items()):
        columns = (sum(tally.values()), tally["noticed"], tally["survived"], tally["equivalent"])
        yield "{:58} {:7}  {:7}  {:8}  {:10}  ".format(name, *columns) + f"{percent(tally):5.1f}%"


def shortfalls(verdicts: Verdicts, known: Iterable[Equivalent]) -> Iterator[str]:
    """Yield every reason for which the run fails."""
    equal = list(known)
    groups: dict[str, Counter[str]] = {}
    for mutant, verdict in verdicts.items():
        groups.setdefault(group_of(mutant.path), Counter())[_column(mutant, verdict, equal)] += 1
        if verdict not in SURVIVORS and any(entry.is_of(mutant) for entry in equal):
            yield f"listed as equivalent and yet noticed: {mutant.name}"
    for group, tally in groups.items():
        if percent(tally) < NOTICED_MIN_PERCENT:
            yield f"{group}: {percent(tally):.1f}% noticed, {NOTICED_MIN_PERCENT}% wanted"


def percent(tally: Mapping[str, int]) -> float:
    """Return the share of mutants noticed among those that could be."""
    noticeable = tally["noticed"] + tally["survived"]
    return 100 * tally["noticed"] / noticeable if noticeable else 100.0


def _column(mutant: Mutant, verdict: Verdict, known: Iterable[Equivalent]) -> str:
    if verdict not in SURVIVORS:
        return "noticed"
    return "equivalent" if any(entry.is_of(mutant) for entry in known) else "survived"
