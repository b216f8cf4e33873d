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

- in Python, `ledger.calculators.calculate(name, data)`, after `import lending.calculators, collection.calculators`
  for those of the other two packages;
- `manage.py calculate NAME`, which reads one JSON object per line and writes one answer per line;
- `POST /api/v1/calculators/NAME` with the object as the body.

Answers have the same fields in the same order; as text, the command sets a blank after `,` and `:` and the API none.

Amounts and rates are decimal text (`"50000.00"`, `"0.108"` for 10.8%), dates are `YYYY-MM-DD`. A field that is not
given has the default of the schema; an unknown field, a value out of bounds and a combination that makes no
sense are refused by name. The answer repeats under `conventions` everything it used, says under `how`
where a figure comes from, and holds the figures under `result`.

The examples are run by the test suite, so their answers are those of the present version. These pages are
made by `manage.py calculate --document docs/api/calculators`; the inputs of the examples are written by hand.

| calculator | computes | input | examples |
| --- | --- | --- | --- |
"""

_MISREAD: Final = """
## What is easily misread

Every line here is a default; the schemas name the field that changes it.

- A rate is a fraction of one: `"0.108"` is 10.8%, and `"5"` is 500%. A rate a month or a day has fields of its own,
  `monthly_rate` (x 12) and `daily_rate` (x 360 or 365, as the day count says).
- The first day counts and the last one does not: a row is charged up to its due date, which belongs to the next row.
- Equal instalments and flat loans are charged by whole steps (rate / 12 for a month), all other methods by days.
  With whole steps `day_count` still decides an odd first row and the days of a broken row at a payoff; where the rate
  or the balance changes within a row, each part has its share of the step by days (10 of 31 days: 10/31 of 1/12).
- Amounts are rounded half up, once for each row; the last row repays all that is left and so takes the difference.
- A month later than 31 January is the last day of February, and the next date is 31 March again. A fixed day is
  looked for within one step of the start: of quarters on the 20th, the first is at most three months away.
- `following` and its like move the due date, and the interest of rows that are charged by days with it; `unadjusted`
  moves neither, and `pay_by` is then the last day on which a payment counts as punctual.
- A payoff on a due date has that row under `due_principal` and `due_interest` unless `rows_paid` counts it. Overdue
  rows bear no broken interest: what they cost is the penalty, which is stated.
- The fee of a prepayment is a share of the principal repaid early and is taken from the amount that is paid.
- A change of a running plan counts from its day: a row that is due that day stays as it is, and the row that contains
  the day bears interest on each balance, and at each rate, for its own days. The last day of a pause bears interest.
- A deferral keeps the principal of every row; the interest of the time gained falls due with the first row.
- The plan of `loan` runs from the day of its first disbursement, whatever `start` says, and over what has been paid
  out; a first due date or a fixed day that is given stays. From a further part on, the row in which it is paid out
  is charged by its days, each balance for its own, also where whole steps are agreed.
- On the due date a loan is 0 days past due. Within the days of grace nothing is charged; once they are over, charges
  run from the due date, at no more than 24% a year, on what is then still unpaid: what was paid within the days of
  grace was never charged.
- More than 90 days past due, a payment repays principal first; on day 90 it does not yet.
- XIRR takes days over 365, IRR whole steps; `irr_nominal` is the rate of a step times the steps of a year.
- In stage 3 the probability of default is the one that is stated for it, else that of the lifetime, else 1.
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
    files[INDEX] += _MISREAD
    return files


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
