"""Order files sent in: every line is taken or refused, and a repeat changes nothing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from config.identities import AUDITOR, SERVICE
from tests.api.callers import assert_problem
from tests.builders.storage import fingerprint

HEADER = "seller_id,order_id,line,shipped_by,goods_amount,freight_amount,seller_state"
SOUND = f"{HEADER}\nS-1,O-1,1,2023-12-01,10.00,1.00,ZJ\nS-1,O-2,1,2023-12-02,20.00,1.00,ZJ\n"


def send(world, text=SOUND, *, key="", role=SERVICE, name="orders.csv", **changes):
    content = text if isinstance(text, bytes) else text.encode()
    form = {"file": SimpleUploadedFile(name, content), "as_of": "2024-01-02", "currency": "CNY"} | changes
    return world[role].upload("order-imports", {k: v for k, v in form.items() if v is not None}, key=key)


class TestAFile:
    def test_is_reported_line_by_line(self, world):
        bad = SOUND + "S-1,O-3,1,2024-02-01,10.00,1.00,ZJ\nS-1,O-4,1,2023-12-03,-5,1.00,ZJ\n"
        response = send(world, bad)
        report = response.json()
        assert response.status_code == 201
        assert (report["lines"], report["taken"], report["refused"]) == (4, 2, 2)
        assert [row["number"] for row in report["refusals"]] == [4, 5]
        assert all(row["code"] and row["sentence"] for row in report["refusals"])
        assert world[AUDITOR].get(f"order-imports/{report['id']}").json() == report
        listed = world[AUDITOR].get("order-imports").json()["results"]
        assert [row["id"] for row in listed] == [report["id"]]
        assert "refusals" not in listed[0]

    def test_makes_entities_and_accounts(self, world):
        send(world)
        rows = world[SERVICE].get("entities").json()["results"]
        entity = next(row for row in rows if row["reference"].endswith("S-1"))
        accounts = world[SERVICE].get(f"entities/{entity['id']}/accounts").json()["results"]
        assert [row["external_id"] for row in accounts] == ["S-1"]

    def test_sent_again_under_its_key_changes_nothing(self, world):
        first = send(world, key="file-1")
        before = fingerprint(attempts=True)
        again = send(world, key="file-1")
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.json() == first.json()
        assert fingerprint(attempts=True) == before

    def test_sent_again_under_another_key_counts_nothing_twice(self, world):
        first, again = send(world, key="file-2"), send(world, key="file-3")
        assert again.json()["id"] == first.json()["id"]
        assert again.json()["taken"] == 2

    @pytest.mark.parametrize(
        "changes", [{"as_of": "2024-01-01"}, {"platform": "tmall"}, {"sampling_factor": "2"}]
    )
    def test_read_in_another_way_is_another_request(self, world, changes):
        send(world, key="file-4")
        before = fingerprint(attempts=True)
        response = send(world, key="file-4", **changes)
        assert_problem(response, 409, "LEDGER_IDEMPOTENCY_KEY_REUSED", field="Idempotency-Key")
        assert fingerprint(attempts=True) == before

    def test_with_an_odd_name_is_kept_under_a_printable_one(self, world):
        assert send(world, name="a\x07b.csv").json()["file_name"] == "ab.csv"


class TestARefusedFile:
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            pytest.param(b"", "LENDING_ORDER_FILE_EMPTY", id="empty"),
            pytest.param(HEADER.encode() + b"\n", "LENDING_ORDER_FILE_EMPTY", id="only a header"),
            pytest.param(b"a,b\n1,2\n", "LENDING_ORDER_FILE_COLUMNS_MISSING", id="other columns"),
            pytest.param(SOUND.encode("utf-16"), "LENDING_ORDER_FILE_ENCODING", id="UTF-16"),
            pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0", "", id="a picture"),
        ],
    )
    def test_is_named_and_nothing_is_counted(self, world, content, code):
        before = fingerprint()
        response = send(world, content)
        assert_problem(response, 422, code or response.json()["code"])
        assert response.json()["code"].startswith("LENDING_ORDER_FILE_")
        assert fingerprint() == before

    @pytest.mark.parametrize(
        ("changes", "code", "field"),
        [
            ({"file": None}, "API_FIELD_MISSING", "file"),
            ({"file": "not a file"}, "API_FIELD_INVALID", "file"),
            ({"as_of": None}, "API_FIELD_MISSING", "as_of"),
            ({"as_of": "2023-02-29"}, "API_DATE_INVALID", "as_of"),
            ({"currency": "XXX"}, "LEDGER_CURRENCY_UNKNOWN", "currency"),
            ({"sampling_factor": "0"}, "API_FIELD_INVALID", "sampling_factor"),
            ({"sampling_factor": "1.5"}, "API_FIELD_INVALID", "sampling_factor"),
            ({"grouping": "x"}, "API_FIELD_UNKNOWN", "grouping"),
        ],
    )
    def test_for_its_form_leaves_no_trace(self, world, changes, code, field):
        before = fingerprint(attempts=True)
        assert_problem(send(world, **changes), 422, code, field=field)
        assert fingerprint(attempts=True) == before

    def test_from_the_future_is_refused(self, world):
        before = fingerprint()
        assert_problem(send(world, as_of="2024-01-03"), 422, "LENDING_IMPORT_DATE_AHEAD", field="as_of")
        assert fingerprint() == before

    def test_larger_than_a_file_may_be_is_refused_by_its_length(self, world, settings):
        settings.LOANBOOK_ORDER_FILE_BYTES_MAX = 10
        before = fingerprint(attempts=True)
        response = send(world, HEADER + "\n" + "x" * 200_000)
        assert_problem(response, 413, "API_BODY_TOO_LARGE")
        assert fingerprint(attempts=True) == before

    def test_as_json_is_refused(self, world):
        response = world[SERVICE].post("order-imports", {"file": "x"})
        assert_problem(response, 415, "API_MEDIA_TYPE_UNSUPPORTED")

    def test_in_a_broken_form_is_refused(self, world):
        response = world[SERVICE].post(
            "order-imports", raw=b"nonsense", content_type="multipart/form-data; boundary=x"
        )
        assert response.status_code in (400, 422)
        assert response.headers["Content-Type"] == "application/problem+json"

    def test_has_no_dry_run(self, world):
        response = world[SERVICE].post("order-imports?dry_run=true", {})
        assert_problem(response, 422, "API_FIELD_UNKNOWN", field="dry_run")
