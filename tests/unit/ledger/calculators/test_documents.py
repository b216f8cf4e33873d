"""The published description of the calculators is what they do."""

from __future__ import annotations

import json

import jsonschema
import pytest
from django.conf import settings

import collection.calculators
import lending.calculators
from ledger.calculators import CALCULATORS
from ledger.calculators.documenting import EXAMPLES, INDEX, SCHEMA, answer_to, documents

FOLDER = settings.BASE_DIR / "docs" / "api" / "calculators"
OF_OTHER_APPS = (*lending.calculators.REGISTERED, *collection.calculators.REGISTERED)


def kept():
    return {name: json.loads((FOLDER / (name + EXAMPLES)).read_text("utf-8")) for name in CALCULATORS}


class TestTheFolder:
    def test_holds_what_the_calculators_say_now(self):
        fresh = documents(kept())
        assert {path.name for path in FOLDER.iterdir()} == set(fresh)
        stale = [name for name, text in fresh.items() if (FOLDER / name).read_text("utf-8") != text]
        assert stale == [], "run manage.py calculate --document docs/api/calculators"

    def test_has_an_index_of_every_calculator(self):
        index = (FOLDER / INDEX).read_text("utf-8")
        assert [name for name in CALCULATORS if f"| `{name}` |" not in index] == []

    def test_falls_back_to_the_worked_input_of_the_code(self):
        examples = json.loads(documents({})["interest" + EXAMPLES])
        assert [example["output"]["result"]["interest"] for example in examples] == ["1137.50"]


@pytest.mark.parametrize("name", sorted(CALCULATORS))
class TestEverySchema:
    def test_is_a_schema_and_accepts_every_input_that_is_answered(self, name):
        schema = json.loads((FOLDER / (name + SCHEMA)).read_text("utf-8"))
        validator = jsonschema.Draft202012Validator(schema)
        validator.check_schema(schema)
        for example in kept()[name]:
            if "output" in example:
                validator.validate(example["input"])

    def test_refuses_an_unknown_field_like_the_calculator(self, name):
        schema = json.loads((FOLDER / (name + SCHEMA)).read_text("utf-8"))
        wrong = {**CALCULATORS[name].example, "surprise": 1}
        assert not jsonschema.Draft202012Validator(schema).is_valid(wrong)
        assert answer_to(CALCULATORS[name], wrong)["refusal"]["field"] == "surprise"

    def test_has_examples_of_answers_and_of_refusals(self, name):
        examples = kept()[name]
        assert len({example["title"] for example in examples}) == len(examples) >= 5
        for example in examples:
            assert ("refusal" in example) is example["title"].startswith("Refused: ")
