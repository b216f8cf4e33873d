"""The tree speaks of lending and of nothing else: no machine paths, no leftovers of how it was written.

The words are written backwards here, so that this file does not contain what it looks for.
"""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.builders.source_tree import REPOSITORY

PATHS = ("/krow/", "/toor/", "/emoh/", "/sresU/")
NAMES = ("ciporhtna", "edualc", "tpgtahc", "tolipoc", "ianepo", "tnegabus")
PHRASES = ("ledom egaugnal", "ecnegilletni laicifitra", "tpmorp eht", "noitasrevnoc siht", "pohskrow eht")
MARKS = ("ODOT", "EMXIF", "KCAH")
# Lists that others made; the editor's picture formats and the like are no text anyway.
QUOTING = {"requirements.lock", "requirements-dev.lock"}


def forwards(word: str) -> str:
    return word[::-1]


FORBIDDEN = re.compile(
    "|".join(
        [
            *(rf"(?<![\w.]){forwards(path)}\w" for path in PATHS),
            *(rf"(?i:{forwards(word)})" for word in (*NAMES, *PHRASES)),
            *(rf"\b{forwards(mark)}\b" for mark in MARKS),
        ]
    )
)


def texts():
    """Yield every file of the checkout that can be read as text."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("the tree is no checkout")
    for name in sorted(set(listed.stdout.splitlines()) - QUOTING):
        try:
            yield name, (REPOSITORY / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue


class TestTheTree:
    def test_speaks_of_nothing_but_lending(self):
        found = [f"{name}: {match[0]}" for name, text in texts() if (match := FORBIDDEN.search(text))]
        assert found == []

    @pytest.mark.parametrize("word", [*(path + "x" for path in map(forwards, PATHS)), *map(forwards, NAMES)])
    def test_is_searched_for_words_that_would_be_found(self, word):
        assert FORBIDDEN.search(f"as {word} said")

    @pytest.mark.parametrize("word", [*map(forwards, MARKS)])
    def test_is_searched_for_work_that_was_put_off(self, word):
        assert FORBIDDEN.search(f"# {word}: later")
        assert FORBIDDEN.search(f"{word}LIST") is None

    @pytest.mark.parametrize("text", ["docs/work/plan", "the root of an equation", "at home", "a network"])
    def test_is_not_searched_for_words_of_ours(self, text):
        assert FORBIDDEN.search(text) is None
