"""Whatever can be set, called, answered or stored is in the documentation, and nothing else is.

Method: names are taken from the code (settings read, commands, refusals, endpoints, topics, make verbs) and
looked for in the page that has to have them.
"""

from __future__ import annotations

import ast
import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from ledger.kernel.aggregate import EVENTS
from tests.builders.source_tree import PACKAGES, REPOSITORY, modules

DOCS = REPOSITORY / "docs"
# Variables of Python, Celery and Django that the product reads or hands on without giving them a meaning.
NOT_OURS = {
    "DJANGO_SETTINGS_MODULE",
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "HOME",
    "TZ",
    "XDG_RUNTIME_DIR",
}


def page(name):
    return (DOCS / name).read_text(encoding="utf-8")


def settings_read():
    """Return every name that is read from the environment: env.str("X"), environ["X"], env.get("X")."""
    names = set()
    for module in modules().values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and node.args and is_environment(node.func):
                names.add(text_of(node.args[0]))
            elif isinstance(node, ast.Subscript) and is_environment(node.value):
                names.add(text_of(node.slice))
    return {name for name in names if name and re.fullmatch(r"[A-Z][A-Z0-9_]+", name)}


def is_environment(node):
    return bool(re.search(r"\b(env|environ)\b", ast.unparse(node)))


def text_of(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def management_commands():
    return {
        module.path.stem
        for module in modules().values()
        if ".management.commands." in module.name and not module.path.stem.startswith("_")
    }


def make_verbs():
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):.*##", makefile, re.MULTILINE))


def endpoints(patterns=None, prefix=""):
    """Return the path of every endpoint of the API, with its parameters in braces."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from endpoints(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and route.startswith("api/v1/"):
            yield "/" + re.sub(r"<(?:[a-z_]+:)?([a-z_]+)>", r"{\1}", route)


class TestASetting:
    @pytest.mark.parametrize("name", sorted(settings_read() - NOT_OURS))
    def test_that_is_read_is_documented(self, name):
        assert f"`{name}`" in page("settings.md")

    def test_that_is_documented_is_read(self):
        documented = set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)`", page("settings.md"), re.MULTILINE))
        texts = "\n".join(module.text for module in modules().values())
        assert {name for name in documented - NOT_OURS if name not in texts} == set()

    def test_is_found_by_the_search(self):
        assert {"LOANBOOK_BUSINESS_ZONE", "DATABASE_URL", "LOANBOOK_DATA_DIR"} <= settings_read()


class TestACommandOfTheCommandLine:
    @pytest.mark.parametrize("name", sorted(management_commands()))
    def test_is_documented(self, name):
        assert re.search(rf"^### `{name}`|`{name}`", page("commands.md"), re.MULTILINE)

    @pytest.mark.parametrize("verb", sorted(make_verbs() - {"help"}))
    def test_of_make_is_documented(self, verb):
        assert f"`make {verb}`" in page("commands.md")


class TestARefusal:
    def test_is_documented_with_every_code(self):
        codes = {
            statement.value.value
            for module in modules().values()
            if module.is_in(*PACKAGES)
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ClassDef)
            for statement in node.body
            if isinstance(statement, ast.Assign)
            and ast.unparse(statement.targets[0]) == "code"
            and isinstance(statement.value, ast.Constant)
        }
        documented = set(re.findall(r"^\| `([A-Z_0-9]+)`", page("api/errors.md"), re.MULTILINE))
        assert sorted(codes - documented - {"REFUSED"}) == []


class TestAnEndpoint:
    def test_is_in_the_published_description(self):
        published = set(re.findall(r"^  (/api/v1/\S*):$", page("api/openapi.yaml"), re.MULTILINE))
        about_the_api = re.compile(r"schema|docs|redoc|^/api/v1/$")
        served = {path for path in endpoints() if not about_the_api.search(path)}
        assert served, "the search found no endpoint"
        assert sorted(served - published) == []


class TestAnEvent:
    @pytest.mark.parametrize("topic", sorted(EVENTS))
    def test_is_documented(self, topic):
        written = page("events.md")
        assert f"### `{topic}`" in written or f"\n| `{topic}` | " in written


class TestADecision:
    def test_is_listed_on_the_first_page_of_decisions(self):
        listed = page("adr/README.md")
        assert [path.name for path in (DOCS / "adr").glob("0*.md") if path.name not in listed] == []


class TestALink:
    def test_leads_somewhere(self):
        link = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
        broken = [
            f"{path.relative_to(REPOSITORY)} -> {target}"
            for path in [*REPOSITORY.glob("*.md"), *DOCS.rglob("*.md")]
            for target in link.findall(path.read_text(encoding="utf-8"))
            if not re.match(r"[a-z]+:", target) and not (path.parent / target).exists()
        ]
        assert broken == []
