"""What was ever stored is read for ever, and means what it meant.

Method: files that are never rewritten hold events as their table held them, with what they meant; whole
streams are replayed into the state they had. Fields that later versions add may be added to what is read,
never taken from it.
"""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID

import msgspec
import pytest
from eventsourcing.persistence import StoredEvent
from eventsourcing.utils import TopicError

from ledger.domain.loan_record import RecordedPayment
from ledger.eventstore.codec import MAPPER, EventVersionUnknown, restore, state_to_json
from ledger.kernel.aggregate import AGGREGATES, EVENTS, Aggregate, DomainEvent, aggregate_stream, event_of
from tests.event_corpus import corpus
from tests.event_corpus.complete_lives import LIVES, TOLD_BEFORE, stream

TOPIC_FILES = sorted(corpus.TOPICS.glob("*.json"))
STREAM_FILES = sorted(corpus.STREAMS.glob("*.json"))
ENVELOPE = {"originator_id", "originator_version"}


def loaded(path):
    return json.loads(path.read_text(encoding="utf-8"))


def name_of(path):
    return path.name.removesuffix(".json")


def assert_says_at_least(actual, expected, path="it"):
    """Everything that was meant is still there; only additions are allowed."""
    if isinstance(expected, dict):
        assert isinstance(actual, dict), path
        for key, value in expected.items():
            assert key in actual, f"{path}.{key} is gone"
            assert_says_at_least(actual[key], value, f"{path}.{key}")
    elif isinstance(expected, list):
        assert len(actual) == len(expected), path
        for number, (left, right) in enumerate(zip(actual, expected, strict=True)):
            assert_says_at_least(left, right, f"{path}[{number}]")
    else:
        assert (actual, type(actual)) == (expected, type(expected)), path


class TestAnEventOfTheCorpus:
    @pytest.mark.parametrize("path", TOPIC_FILES, ids=name_of)
    def test_means_what_it_meant(self, path):
        content = loaded(path)
        event = corpus.read_event(content["stored"])
        assert content["stored"]["topic"] == event.TOPIC
        assert_says_at_least(corpus.described(event), content["means"])

    @pytest.mark.parametrize("path", TOPIC_FILES, ids=name_of)
    def test_is_named_by_its_topic_and_version(self, path):
        stored = loaded(path)["stored"]
        version = stored["state"].get("class_version", 1)
        assert path == corpus.topic_file(stored["topic"], version)

    @pytest.mark.parametrize("topic", sorted(EVENTS))
    def test_of_the_present_version_is_written_as_the_file_says(self, topic):
        """A field more, a field less or another form needs a new version of the event, not a new file."""
        content = loaded(corpus.topic_file(topic, EVENTS[topic].class_version))
        event = corpus.read_event(content["stored"])
        assert corpus.stored_form(event) == content["stored"]
        assert corpus.described(event) == content["means"]

    def test_that_is_altered_no_longer_passes(self):
        content = loaded(corpus.topic_file("settlement.received", 1))
        content["stored"]["state"]["amount_minor"] += 1
        with pytest.raises(AssertionError):
            assert_says_at_least(corpus.described(corpus.read_event(content["stored"])), content["means"])


class TestTheCorpus:
    def test_has_every_version_of_every_event(self):
        expected = {
            corpus.topic_file(topic, version)
            for topic, event_class in EVENTS.items()
            for version in range(1, event_class.class_version + 1)
        }
        missing = sorted(path.name for path in expected - set(TOPIC_FILES))
        assert missing == [], "python -m tests.event_corpus.corpus writes what is missing"
        assert sorted(path.name for path in set(TOPIC_FILES) - expected) == [], "topics are never dropped"

    def test_has_a_stream_of_every_aggregate(self):
        assert {loaded(path)["stream"] for path in STREAM_FILES} == set(AGGREGATES)

    def test_has_every_life_that_is_told_and_no_other(self):
        assert {name_of(path) for path in STREAM_FILES} == set(LIVES) | TOLD_BEFORE
        assert not set(LIVES) & TOLD_BEFORE

    def test_is_complete_so_that_nothing_is_left_to_write(self):
        assert list(corpus.write_missing()) == []

    def test_is_never_overwritten(self, tmp_path, monkeypatch):
        monkeypatch.setattr(corpus, "TOPICS", tmp_path / "topics")
        monkeypatch.setattr(corpus, "STREAMS", tmp_path / "streams")
        written = list(corpus.write_missing())
        present = {corpus.topic_file(topic, event.class_version) for topic, event in EVENTS.items()}
        told = {tmp_path / "streams" / f"{name}.json" for name in LIVES}
        assert set(written) == present | told
        assert len(written) == len(present) + len(told)
        written[0].write_text("as it was")
        written[1].unlink()
        assert list(corpus.write_missing()) == [written[1]]
        assert written[0].read_text(encoding="utf-8") == "as it was"

    def test_fails_for_an_event_class_without_a_file(self, monkeypatch):
        monkeypatch.setitem(EVENTS, "probe.happened", Probed)
        with pytest.raises(AssertionError, match=r"probe\.happened\.v1"):
            self.test_has_every_version_of_every_event()


def plain(value):
    """Return a described value as plain JSON."""
    if isinstance(value, dict):
        if len(value) == 1 and set(value) <= {"date", "enum", "uuid"}:
            return next(iter(value.values()))
        return {key: plain(item) for key, item in value.get("map", value).items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def state_of_today(content):
    """Return the frozen state as it is kept now: of a loan's payments the digest of how each is used.

    Files of before there were digests hold the payments themselves.
    """
    state = content["state"]
    if content["stream"] != "loan":
        return state
    payments = state["payments"]["map"]
    used = {
        key: one if isinstance(one, str) else msgspec.convert(plain(one), RecordedPayment).as_use().told
        for key, one in payments.items()
    }
    return {**state, "payments": {"map": used}}


class TestAStreamOfTheCorpus:
    @pytest.mark.parametrize("path", STREAM_FILES, ids=name_of)
    def test_folds_into_the_state_it_had(self, path):
        content = loaded(path)
        aggregate = None
        for stored in content["events"]:
            aggregate = corpus.read_event(stored).mutate(aggregate)
        assert content["stream"] == aggregate.STREAM
        assert aggregate.version == len(content["events"])
        assert_says_at_least(corpus.described(aggregate.state), state_of_today(content))

    @pytest.mark.parametrize("path", STREAM_FILES, ids=name_of)
    def test_folds_from_a_snapshot_at_any_version_into_the_same_state(self, path):
        events = [corpus.read_event(stored) for stored in loaded(path)["events"]]
        whole = None
        for event in events:
            whole = event.mutate(whole)
        for cut in range(1, len(events)):
            part = None
            for event in events[:cut]:
                part = event.mutate(part)
            part = restore(type(whole), part.id, part.version, json.loads(json.dumps(state_to_json(part))))
            for event in events[cut:]:
                part = event.mutate(part)
            assert (part.state, part.version) == (whole.state, whole.version), cut

    @pytest.mark.parametrize("path", [corpus.STREAMS / f"{name}.json" for name in LIVES], ids=name_of)
    def test_is_told_the_same_today(self, path):
        """The rules that decided these facts have not changed, or a new life tells the new rules."""
        told = LIVES[name_of(path)]()
        assert [corpus.stored_form(event) for event in told.pending_events] == loaded(path)["events"]


@aggregate_stream("probe")
class Probe(Aggregate):
    """An aggregate of this file only."""

    State = dict


@event_of(Probe, "probe.happened")
class Probed(DomainEvent):
    """An event in its third version: the amount became minor units, then got a currency."""

    class_version = 3

    amount_minor: int
    currency: str

    def apply(self, state: dict) -> None:
        state["amount_minor"] = state.get("amount_minor", 0) + self.amount_minor

    @staticmethod
    def upcast_v1_v2(state: dict) -> None:
        state["amount_minor"] = state.pop("yuan") * 100

    @staticmethod
    def upcast_v2_v3(state: dict) -> None:
        state["currency"] = "CNY"


# Readable by its topic, and no part of the product's register, which other tests count.
del EVENTS["probe.happened"], AGGREGATES["probe"]


def probed(payload):
    state = json.dumps({"effective_date": "2024-01-02", **payload}).encode()
    return MAPPER.to_domain_event(StoredEvent(stream(0x901), 1, "probe.happened", state))


class TestAnOldVersion:
    @pytest.mark.parametrize(
        "payload",
        [
            {"yuan": 12},
            {"class_version": 2, "amount_minor": 1200},
            {"class_version": 3, "amount_minor": 1200, "currency": "CNY"},
        ],
    )
    def test_is_brought_up_to_the_present_one_step_by_step(self, payload):
        event = probed(payload)
        assert (event.amount_minor, event.currency, event.effective_date) == (1200, "CNY", date(2024, 1, 2))

    def test_is_stored_in_the_present_version_with_its_number(self):
        event = Probed(
            originator_id=stream(0x901),
            originator_version=1,
            effective_date=date(2024, 1, 2),
            amount_minor=5,
            currency="CNY",
        )
        stored = json.loads(MAPPER.to_stored_event(event).state)
        assert stored == {
            "class_version": 3,
            "effective_date": "2024-01-02",
            "amount_minor": 5,
            "currency": "CNY",
        }
        assert probed(stored) == event

    def test_of_a_later_release_is_refused_instead_of_read_without_what_it_adds(self):
        with pytest.raises(EventVersionUnknown):
            probed({"class_version": 4, "amount_minor": 1200, "currency": "CNY", "fee_minor": 7})

    def test_of_an_unknown_topic_is_refused(self):
        with pytest.raises(TopicError):
            MAPPER.to_domain_event(StoredEvent(UUID(int=1), 1, "nothing.known", b"{}"))

    def test_that_lacks_a_field_is_refused(self):
        with pytest.raises(Exception, match="currency"):
            probed({"class_version": 3, "amount_minor": 1200})

    def test_with_an_amount_that_is_no_whole_number_is_refused(self):
        with pytest.raises(Exception, match="Expected `int`"):
            probed({"class_version": 3, "amount_minor": 12.5, "currency": "CNY"})
