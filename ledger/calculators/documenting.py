"""The published description of the calculators: schemas, worked examples and an index.

Owns: the text of every file below docs/api/calculators, and running the worked inputs that are kept there.
Refuses to know: where files are; it takes the worked inputs and returns names and texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ledger.calculators.catalogue import CALCULATORS, Calculator
from ledger.kernel.refusals import Refusal

EXAMPLES: Final = ".examples.json"
SCHEMA: Final = ".schema.json"
INDEX: Final = "README.md"

Worked = Iterable[Mapping[str, Any]]

_INTRODUCTION: Final = """# Calculators

Every calculation of the books without side effects: one JSON object in, one JSON object out. The same three
ways lead to the same answer:

- in Python, `ledger.calculators.calculate(name, data)`;
- `manage.py calculate NAME`, which reads one JSON object per line and writes one answer per line;
- `POST /api/v1/calculators/NAME` with the object as the body.

Amounts and rates are decimal text (`"50000.00"`, `"0.108"` for 10.8%), dates are `YYYY-MM-DD`. A field that is not
given has the default of the schema; an unknown field, a value out of bounds and a combination that makes no
sense are refused by name. The answer repeats under `conventions` everything it used, says under `how`
where a figure comes from, and holds the figures under `result`.

The examples are run by the test suite, so their answers are those of the present version. These pages are
made by `manage.py calculate --document docs/api/calculators`; the inputs of the examples are written by hand.

| calculator | computes | input | examples |
| --- | --- | --- | --- |
"""


def worked(calculator: Calculator, examples: Worked) -> list[dict[str, Any]]:
    """Return the examples with present answers; a refusal is an answer as well."""
    return [
        {"title": example["title"], "input": example["input"], **answer_to(calculator, example["input"])}
        for example in examples
    ]


def answer_to(calculator: Calculator, data: Any) -> dict[str, Any]:
    """Return the output, or the refusal as JSON."""
    try:
        return {"output": calculator.calculate(data)}
    except Refusal as refusal:
        return {"refusal": refusal.as_json()}


def documents(examples_of: Mapping[str, Worked]) -> dict[str, str]:
    """Return the text of each file by its name; without examples the calculator's own one is taken."""
    files = {INDEX: _INTRODUCTION}
    for name, calculator in sorted(CALCULATORS.items()):
        own: Worked = [{"title": calculator.title, "input": dict(calculator.example)}]
        examples = worked(calculator, examples_of.get(name, own))
        files[name + SCHEMA] = _text(calculator.schema())
        files[name + EXAMPLES] = _text(examples)
        files[INDEX] += (
            f"| `{name}` | {calculator.title} | [schema]({name}{SCHEMA}) | [{len(examples)}]({name}{EXAMPLES}) |\n"
        )
    return files


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
