"""The machine that changes the money code: what it changes, what it leaves alone, and how it counts.

Method: planted modules, never the product's.
"""

from __future__ import annotations

import pytest

from tests.mutation.equivalents import Equivalent, equivalents
from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.scope import MODULES, REPOSITORY, group_of, paths_of
from tests.mutation.score import shortfalls, table
from tests.mutation.trial import Verdict, verdict_of

PLANTED = '''"""A planted module."""

DAYS = 90


class Loan:
    """A loan."""

    @property
    def is_late(self):
        """Say whether."""
        return self.days > DAYS

    def refuse(self):
        """Refuse."""
        raise ValueError("A sentence for people.", "field")
'''
PENALTY = REPOSITORY / "ledger" / "domain" / "penalty.py"


@pytest.fixture
def planted(tmp_path):
    path = tmp_path / "planted.py"
    path.write_text(PLANTED)
    return list(mutants_of(path))


def changes(mutants):
    return {(mutant.before, mutant.after) for mutant in mutants}


class TestMutants:
    def test_are_in_tables_properties_and_methods(self, planted):
        assert ("DAYS = 90", "DAYS = 91") in changes(planted)
        assert ("return self.days > DAYS", "return self.days >= DAYS") in changes(planted)
        assert any("XXfieldXX" in mutant.after for mutant in planted)

    def test_differ_from_the_module_in_one_line_and_can_be_compiled(self, planted):
        for mutant in planted:
            compile(mutant.source, "planted", "exec")
            pairs = zip(PLANTED.splitlines(), mutant.source.splitlines(), strict=True)
            assert [row for row, (old, new) in enumerate(pairs, 1) if old != new] == [mutant.line]

    def test_leave_sentences_alone(self, planted):
        assert all("A sentence for people." in mutant.source for mutant in planted)

    def test_know_the_function_they_stand_in(self, planted):
        functions = {mutant.before: (mutant.function, mutant.in_body) for mutant in planted}
        assert functions["return self.days > DAYS"] == ("Loan.is_late", True)
        assert functions["DAYS = 90"] == (None, False)


class TestTheScope:
    def test_names_files_that_exist_in_one_group_each(self):
        for patterns in MODULES.values():
            assert all(list(REPOSITORY.glob(pattern)) for pattern in patterns)
        assert len(paths_of([])) == len(set(paths_of([])))
        assert group_of(PENALTY) == "penalty"
        assert PENALTY in paths_of(["penalty"])
        assert [path.stem for path in paths_of(["loan_growth"])] == ["loan_growth"]

    def test_knows_no_other_names(self):
        with pytest.raises(SystemExit):
            paths_of(["nothing"])


def verdicts(*, noticed, survived):
    ended = [Verdict.NOTICED] * noticed + [Verdict.SURVIVED] * survived
    return {
        Mutant(PENALTY, row, "a", f"b{row}", "", None, None, in_body=False): verdict
        for row, verdict in enumerate(ended)
    }


class TestTheScore:
    @pytest.mark.parametrize(("noticed", "is_enough"), [(85, True), (84, False)])
    def test_has_to_reach_the_bound(self, noticed, is_enough):
        found = list(shortfalls(verdicts(noticed=noticed, survived=100 - noticed), []))
        assert (found == []) is is_enough

    def test_leaves_out_what_is_known_to_mean_the_same(self):
        known = [Equivalent("ledger.domain.penalty", "a", "b84", "the same")]
        counted = verdicts(noticed=84, survived=15)
        assert any(" 84.8%" in line for line in table(counted, []))
        assert any(" 85.7%" in line for line in table(counted, known))

    def test_fails_when_something_known_to_mean_the_same_is_noticed(self):
        known = [Equivalent("ledger.domain.penalty", "a", "b0", "the same")]
        (failure,) = shortfalls(verdicts(noticed=100, survived=0), known)
        assert "yet noticed" in failure

    @pytest.mark.parametrize(
        ("status", "verdict"),
        [(0, Verdict.SURVIVED), (1 << 8, Verdict.NOTICED), (24, Verdict.TOO_LONG), (9, Verdict.TOO_LONG)],
    )
    def test_is_read_from_how_a_trial_ended(self, status, verdict):
        assert verdict_of(status) is verdict


class TestTheListOfEquivalents:
    def test_gives_a_reason_for_each_line_of_a_module_that_is_changed(self):
        modules = {".".join(path.relative_to(REPOSITORY).with_suffix("").parts) for path in paths_of([])}
        assert equivalents()
        for entry in equivalents():
            assert entry.module in modules
            assert entry.before != entry.after
            assert len(entry.reason.split()) > 3
