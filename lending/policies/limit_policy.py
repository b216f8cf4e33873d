"""The parameters of the limit formula (D-154 .. D-158), and the ranges they may be chosen from.

Owns: percents, multiples, factors, minimum, maximum and rounding step, all of them data.
Refuses to know: any applicant. A parameter outside its range is refused when the record is built, so a
policy that exists is a policy that may be used. Shares are in basis points: 2000 is 20%, 40000 is 4x.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ledger.kernel.refusals import Refusal, RefusalKind

BPS: Final = 10_000
# Source ranges: 10-30% of average turnover, 3-5 times tax, 5-10% of invoices, industry 0.8-1.2. The forecast of
# the next six months may move the turnover base between 0.5 and 1.2 (D-137, an assumption).
RANGES: Final[dict[str, tuple[int, int]]] = {
    "turnover_share_bps": (1_000, 3_000),
    "tax_multiple_bps": (30_000, 50_000),
    "invoice_share_bps": (500, 1_000),
    "industry_factor_bps": (8_000, 12_000),
    "debt_factor_bps": (7_000, 10_000),
    "potential_bps": (5_000, 12_000),
}
COMBINATIONS: Final = ("max", "min", "sum")


class LimitParameterOutOfRange(Refusal):
    """A parameter lies outside the range it may be chosen from."""

    code = "LENDING_LIMIT_PARAMETER_OUT_OF_RANGE"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, slots=True)
class LimitPolicy:
    """How a base and its factors become a limit; amounts are in whole units of the currency."""

    turnover_share_bps: int = 2_000
    tax_multiple_bps: int = 40_000
    invoice_share_bps: int = 800
    combination: str = "max"
    stability_step_bps: int = 1_000
    stability_cap_bps: int = 15_000
    clean_record_bps: int = 12_000
    industry_factors: tuple[tuple[str, int], ...] = ()
    debt_points: tuple[tuple[int, int], ...] = ((3_000, 10_000), (7_000, 7_000))
    potential_bps: int = BPS
    limit_min_units: int = 100
    # Above this amount a second review is due (D-148); an automatic decision stops here.
    limit_max_units: int = 500_000
    rounding_units: int = 100

    def __post_init__(self) -> None:
        for name in ("turnover_share_bps", "tax_multiple_bps", "invoice_share_bps", "potential_bps"):
            _check_range(getattr(self, name), range_of=name, field=name)
        for _, factor_bps in self.industry_factors:
            _check_range(factor_bps, range_of="industry_factor_bps", field="industry_factors")
        for _, factor_bps in self.debt_points:
            _check_range(factor_bps, range_of="debt_factor_bps", field="debt_points")
        if self.combination not in COMBINATIONS:
            raise LimitParameterOutOfRange("bases combine by max, min or sum", field="combination")
        if [ratio for ratio, _ in self.debt_points] != sorted({ratio for ratio, _ in self.debt_points}):
            raise LimitParameterOutOfRange("debt points rise by ratio", field="debt_points")
        if (
            not self.debt_points
            or not 0 < self.rounding_units <= self.limit_min_units <= self.limit_max_units
        ):
            raise LimitParameterOutOfRange(
                "there is a debt point, and 0 < rounding <= minimum <= maximum", field="limit_min_units"
            )


def _check_range(value_bps: int, *, range_of: str, field: str) -> None:
    least, most = RANGES[range_of]
    if type(value_bps) is not int or not least <= value_bps <= most:
        raise LimitParameterOutOfRange(
            f"{field} lies between {least} and {most} basis points", field=field, least=least, most=most
        )
