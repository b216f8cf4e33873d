"""Products over HTTP: what is offered, every version, and saving the next one."""

from __future__ import annotations

import pytest

from config.identities import ADMINISTRATOR, BORROWER, SERVICE
from ledger.policies.product_catalogue import CATALOGUE
from tests.api.callers import assert_problem, product_body
from tests.builders.storage import fingerprint


def without(body, name):
    return {key: value for key, value in body.items() if key != name}


def nested(part, **changes):
    return product_body(**{part: product_body().get(part, {}) | changes})


# A body, the code of its refusal and the field that is named.
BAD = [
    (product_body(colour="red"), "LEDGER_CALCULATOR_FIELD_UNKNOWN", "colour"),
    (nested("repayment", colour="red"), "LEDGER_CALCULATOR_FIELD_UNKNOWN", "repayment.colour"),
    (without(product_body(), "title"), "LEDGER_CALCULATOR_FIELD_MISSING", "title"),
    (without(product_body(), "repayment"), "LEDGER_CALCULATOR_FIELD_MISSING", "repayment"),
    (product_body(currency="XXX"), "LEDGER_CALCULATOR_FIELD_INVALID", "currency"),
    (product_body(effective_from="2024-02-30"), "LEDGER_CALCULATOR_FIELD_INVALID", "effective_from"),
    (product_body(effective_from="2024-01-01"), "LEDGER_PRODUCT_VERSION_TOO_EARLY", "effective_from"),
    (nested("offer", amount_min=1000), "LEDGER_MONEY_NOT_TEXT", "offer.amount_min"),
    (nested("offer", amount_min="1000.001"), "LEDGER_MONEY_TOO_PRECISE", "offer.amount_min"),
    (nested("offer", amount_min="0.00"), "LEDGER_CALCULATOR_OUT_OF_BOUNDS", "offer.amount_min"),
    (nested("offer", amount_max="999.99"), "LEDGER_PRODUCT_TERMS_INVALID", "offer.amount_max"),
    (nested("offer", terms=[]), "LEDGER_CALCULATOR_OUT_OF_BOUNDS", "offer.terms"),
    (nested("offer", terms=["3"]), "LEDGER_CALCULATOR_FIELD_INVALID", "offer.terms[0]"),
    (nested("offer", terms=[6, 3]), "LEDGER_PRODUCT_TERMS_INVALID", "offer.terms"),
    (nested("pricing", annual_rate=0.126), "LEDGER_RATE_NOT_TEXT", "pricing.annual_rate"),
    (nested("pricing", annual_rate="0.25"), "LEDGER_PRODUCT_TERMS_INVALID", "pricing.annual_rate"),
    (nested("pricing", annual_rate="0.2399"), "LEDGER_PRODUCT_TERMS_INVALID", "pricing.own_ceiling"),
    (nested("repayment", method="weekly"), "LEDGER_CALCULATOR_FIELD_INVALID", "repayment.method"),
    (nested("repayment", fixed_day=32), "LEDGER_CALCULATOR_OUT_OF_BOUNDS", "repayment.fixed_day"),
    (nested("repayment", balloon_share="0.2"), "LEDGER_PRODUCT_TERMS_INVALID", "repayment.balloon_share"),
    (nested("repayment", calendar="MARS"), "LEDGER_CALCULATOR_FIELD_INVALID", "repayment.calendar"),
    (nested("arrears", grace_days=31), "LEDGER_CALCULATOR_OUT_OF_BOUNDS", "arrears.grace_days"),
    (nested("allocation", order=["fee"] * 5), "LEDGER_PRODUCT_TERMS_INVALID", "allocation.order"),
    (nested("early", modes=["shorten_term"]), "LEDGER_PRODUCT_TERMS_INVALID", "early.modes"),
    (nested("quality", provision="none"), "LEDGER_CALCULATOR_FIELD_INVALID", "quality.provision"),
]


class TestTheCatalogue:
    def test_lists_what_can_be_drawn_on_today(self, world):
        found = {row["code"]: row for row in world[BORROWER].get("products").json()["results"]}
        assert set(found) == {product.code for product in CATALOGUE}
        assert found["flat-fortnightly"]["unit"] == "week"
        # The prime rate of 2 January 2024 was 3.45%.
        assert found["prime-instalment"]["annual_rate"] == "0.1245"

    def test_shows_every_field_of_a_version(self, world):
        body = world[BORROWER].get("products/revolving-settled/versions/1").json()
        assert (body["code"], body["version"], body["retired_from"]) == ("revolving-settled", 1, None)
        assert body["terms"]["repayment"]["settlement"] == "on_repaid_principal"
        assert body["terms"]["pricing"]["annual_rate"] == "0.15"

    @pytest.mark.parametrize(
        "address", ["products/none/versions", "products/bullet/versions/2", "products/bullet/versions/0"]
    )
    def test_has_no_version_that_was_never_saved(self, world, address):
        assert_problem(world[BORROWER].get(address), 404, "LEDGER_NOT_FOUND")


class TestSavingAVersion:
    def test_adds_it_to_the_versions_with_the_terms_that_were_sent(self, world):
        saved = world[ADMINISTRATOR].post("products/own/versions", product_body())
        assert saved.status_code == 201
        assert saved.json()["version"] == 1
        shown = world[BORROWER].get("products/own/versions/1").json()["terms"]
        for part, value in product_body().items():
            if isinstance(value, dict):
                assert value.items() <= shown[part].items()
            else:
                assert shown[part] == value

    def test_gives_the_next_number_to_a_product_that_shipped(self, world):
        saved = world[ADMINISTRATOR].post("products/interest-only/versions", product_body()).json()
        assert (saved["version"], saved["effective_from"]) == (2, "2024-01-05")
        rows = world[BORROWER].get("products/interest-only/versions").json()["results"]
        assert [row["version"] for row in rows] == [1, 2]

    def test_that_shows_a_version_can_be_saved_again_as_it_is_shown(self, world):
        shown = world[BORROWER].get("products/season-start/versions/1").json()["terms"]
        body = shown | {
            "currency": "CNY",
            "effective_from": "2024-02-01",
            "offer": shown["offer"] | {"amount_min": "1000.00", "amount_max": "1000000.00"},
            "repayment": shown["repayment"] | {"multiple": "0.01"},
            "arrears": shown["arrears"] | {"dpd_tolerance": "0.00"},
        }
        assert world[ADMINISTRATOR].post("products/season-start/versions", body).status_code == 201

    @pytest.mark.parametrize(("body", "code", "field"), BAD)
    def test_is_refused_by_the_field_and_changes_nothing(self, world, body, code, field):
        before = fingerprint()
        response = world[ADMINISTRATOR].post("products/own/versions", body)
        assert_problem(response, 422 if response.status_code == 422 else 400, code, field=field)
        assert fingerprint() == before

    @pytest.mark.parametrize("code", ["x" * 61, "two%20words", "%E5%BA%97"])
    def test_under_a_code_that_is_none_is_refused(self, world, code):
        before = fingerprint()
        response = world[ADMINISTRATOR].post(f"products/{code}/versions", product_body())
        assert response.status_code in (400, 404, 422)
        assert response.json()["field"] == "code"
        assert fingerprint() == before

    def test_as_a_check_says_what_it_would_cost_and_keeps_nothing(self, world):
        before = fingerprint(attempts=True)
        answer = world[ADMINISTRATOR].post("products/own/check", product_body())
        assert answer.status_code == 200
        assert answer.json()["annual_rate_max"].startswith("0.12")
        assert fingerprint(attempts=True) == before
        bad = world[ADMINISTRATOR].post("products/own/check", nested("pricing", annual_rate="0.2399"))
        assert_problem(bad, bad.status_code, "LEDGER_PRODUCT_TERMS_INVALID", field="pricing.own_ceiling")
        assert fingerprint(attempts=True) == before


class TestRetiring:
    def test_ends_the_offer(self, world):
        ended = world[ADMINISTRATOR].post("products/bullet/retirement", {"reason": "replaced"})
        assert (ended.status_code, ended.json()["retired_from"]) == (200, "2024-01-02")
        assert "bullet" not in {row["code"] for row in world[SERVICE].get("products").json()["results"]}
        assert world[SERVICE].get("products/bullet/versions/1").json()["retired_from"] == "2024-01-02"
        drawn = world[BORROWER].post(
            f"credit-lines/{world.seller.line_id}/drawdowns",
            world.drawdown(amount="1000.00", product_code="bullet", term=1),
        )
        assert_problem(drawn, 409, "LEDGER_PRODUCT_NOT_OFFERED", field="product_code")

    def test_of_what_never_was_is_refused(self, world):
        answer = world[ADMINISTRATOR].post("products/none/retirement", {"reason": "x"})
        assert_problem(answer, 404, "LEDGER_PRODUCT_NEVER_SAVED", field="code")


class TestADrawInBatches:
    def draw(self, world, batches, **changes):
        body = world.drawdown(
            amount="3000.00", product_code="agreed-batches", term=2, batches=batches, **changes
        )
        return world[BORROWER].post(f"credit-lines/{world.seller.line_id}/drawdowns", body)

    def test_is_taken_with_its_dates_and_amounts(self, world):
        batches = [{"on": "2024-01-20", "amount": "1000.00"}, {"on": "2024-02-20", "amount": "2000.00"}]
        assert self.draw(world, batches).status_code == 201

    @pytest.mark.parametrize(
        ("batches", "code"),
        [
            (
                [{"on": "2024-01-20", "amount": 1000}, {"on": "2024-02-20", "amount": "2000.00"}],
                "LEDGER_MONEY_NOT_TEXT",
            ),
            ([{"on": "2024-01-20"}, {"on": "2024-02-20", "amount": "2000.00"}], "API_FIELD_MISSING"),
            (
                [{"on": "soon", "amount": "1000.00"}, {"on": "2024-02-20", "amount": "2000.00"}],
                "API_DATE_INVALID",
            ),
            (
                [{"on": "2024-01-20", "amount": "1000.001"}, {"on": "2024-02-20", "amount": "2000.00"}],
                "LEDGER_MONEY_TOO_PRECISE",
            ),
            (
                [{"on": "2024-01-20", "amount": "1000.00"}, {"on": "2024-02-20", "amount": "1999.99"}],
                "LEDGER_BATCHES_NOT_OFFERED",
            ),
            ([], "LEDGER_BATCHES_NOT_OFFERED"),
        ],
    )
    def test_is_refused_by_name_and_reserves_nothing(self, world, batches, code):
        before = fingerprint()
        response = self.draw(world, batches)
        assert response.json()["code"] == code, response.json()
        assert fingerprint() == before
