"""Calculators over HTTP: the answer of the function, its refusals as problems, and who may ask.

The addresses are mounted here on their own, so that these tests say nothing of where they are mounted.
"""

from __future__ import annotations

import pytest
from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIRequestFactory, force_authenticate

import config.urls
from config.identities import AUDITOR, BORROWER
from ledger.api.calculators import calculator_urls
from ledger.calculators import CALCULATORS, calculate, find_calculator
from tests.api.callers import PROBLEM

CALCULATORS_ONLY = [path("api/v1/", include(calculator_urls()))]
urlpatterns = [*CALCULATORS_ONLY, *config.urls.urlpatterns]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]
VIEWS = {str(url.pattern).removeprefix("calculators/"): url.callback for url in calculator_urls()}


@pytest.fixture
def auditor(world):
    from tests.api.callers import user_of

    return user_of(AUDITOR)


def post(name, body, *, user=None):
    request = APIRequestFactory().post(f"/api/v1/calculators/{name}", body, format="json")
    if user is not None:
        force_authenticate(request, user=user)
    response = VIEWS[name](request)
    return response.render()


class TestPost:
    @pytest.mark.parametrize("name", sorted(CALCULATORS))
    def test_answers_like_the_function(self, auditor, name):
        example = dict(find_calculator(name).example)
        response = post(name, example, user=auditor)
        assert (response.status_code, response.data) == (200, calculate(name, example))
        assert response.headers["Cache-Control"] == "no-store"

    def test_needs_no_key_and_admits_borrowers(self, world):
        body = dict(find_calculator("schedule").example)
        assert world[BORROWER].post("calculators/schedule", body, key=None).status_code == 200

    def test_turns_away_who_is_not_signed_in(self):
        assert post("schedule", {}).status_code == 401

    @pytest.mark.parametrize(
        ("changes", "status", "code", "field"),
        [
            ({"surprise": 1}, 422, "LEDGER_CALCULATOR_FIELD_UNKNOWN", "surprise"),
            ({"principal": 50000}, 422, "LEDGER_MONEY_NOT_TEXT", "principal"),
            ({"instalment": "1.00"}, 422, "LEDGER_INSTALMENT_BELOW_INTEREST", "instalment"),
        ],
    )
    def test_refuses_as_a_problem(self, auditor, changes, status, code, field):
        body = {**find_calculator("schedule").example, **changes}
        response = post("schedule", body, user=auditor)
        assert (response.status_code, response.data["code"], response.data["field"]) == (status, code, field)
        assert response.headers["Content-Type"] == PROBLEM

    def test_refuses_a_body_that_is_not_an_object(self, world):
        response = world[BORROWER].post("calculators/schedule", [1], key=None)
        assert (response.status_code, response.json()["code"]) == (400, "API_BODY_MALFORMED")


class TestThePublishedDescription:
    def test_has_the_schema_and_the_worked_input_of_each(self):
        paths = SchemaGenerator(patterns=CALCULATORS_ONLY).get_schema(request=None, public=True)["paths"]
        assert set(paths) == {f"/api/v1/calculators/{name}" for name in CALCULATORS}
        for name, calculator in CALCULATORS.items():
            operation = paths[f"/api/v1/calculators/{name}"]["post"]
            content = operation["requestBody"]["content"]["application/json"]
            assert content["schema"]["properties"].keys() == calculator.schema()["properties"].keys()
            assert next(iter(content["examples"].values()))["value"] == dict(calculator.example)
            assert not {"409", "503"} & set(operation["responses"])
            assert {"200", "400", "401", "403", "413", "415", "422"} <= set(operation["responses"])
            assert operation.get("parameters", []) == []
            assert "Roles:" in operation["description"]
