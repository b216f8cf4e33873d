"""Two lives with one past: what happens to one does not touch the other."""

from __future__ import annotations

from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.deriving import replay
from ledger.domain.servicing.life import Life
from tests.unit.ledger.domain.servicing.builders import Story, bullet, day, loan

CHARGED, LATER, LATEST = "2024-03-06", "2024-03-10", "2024-03-15"


def lives(story: Story) -> tuple[Life, Life]:
    life = story.on(CHARGED).life
    return life, life.fork()


def happen(life: Life, kind, on: str, **payload) -> None:
    replay(life, [kind(effective_date=day(on), sequence=9, **payload)])


def fees(life: Life) -> list[int]:
    return [life.open_total(claim, day(LATEST)) for claim in life.rows if claim.name == "fee"]


class TestAChargeOfBothLives:
    def lives(self):
        charge = {"due_on": day(CHARGED), "amount_minor": 3_000, "id": "fee"}
        return lives(Story(loan(bullet())).tell(kinds.ChargeAdded, CHARGED, **charge))

    def test_is_waived_in_the_one_in_which_it_is_waived(self):
        one, other = self.lives()
        happen(other, kinds.ChargeWaived, LATER, of="fee", amount_minor=1_000, id="w")
        assert (fees(one), fees(other)) == ([3_000], [2_000])


class TestAPromotionOfEachLife:
    def test_ends_where_it_began_in_that_life(self):
        one, other = lives(Story(loan(bullet())))
        half = {"share_e8": 50_000_000, "id": "promotion"}
        happen(one, kinds.PromotionGranted, LATER, **half)
        happen(other, kinds.PromotionGranted, LATEST, **half)
        happen(one, kinds.PromotionEnded, LATEST, of="promotion", id="end")
        (ended,), (running,) = one.rates.promotions, other.rates.promotions
        assert (ended.starts_on, ended.ends_on) == (day(LATER), day(LATEST))
        assert running.ends_on > day("2025-03-15")
