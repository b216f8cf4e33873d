"""How much is set aside for losses: a matrix by category, or expected credit loss by stage.

Owns: the shares per category, the stage of a loan, and both amounts.
Refuses to know: how a loan was classified, probabilities, and the journal entry.
Sources: provisioning guide of 2002 (1%, 2%, 25%, 50%, 100%); IFRS 9 (stage 2 above 30 days past due,
stage 3 above 90). ECL = (drawn + CCF x undrawn) x PD x LGD x DF: 50,000 x 2% x 60% is 600.00.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.kernel.rounding import Rounding, divide_rounded

STAGE_2_AFTER_DPD: Final = 30
STAGE_3_AFTER_DPD: Final = 90
MATRIX_E8: Final[dict[str, int]] = {
    "normal": 1_000_000,
    "special_mention": 2_000_000,
    "substandard": 25_000_000,
    "doubtful": 50_000_000,
    "loss": 100_000_000,
}


class ProvisionInvalid(Refusal):
    """A share or probability is not between 0 and 1, or the lifetime loss is below that of a year."""

    code = "LEDGER_PROVISION_INVALID"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, kw_only=True)
class LossParameters:
    """Probabilities of default for a year, for life and after it, loss given default, discount, conversion."""

    pd_12_months_e8: int
    pd_lifetime_e8: int
    lgd_e8: int
    pd_stage_3_e8: int = RATE_UNIT
    discount_e8: int = RATE_UNIT
    conversion_e8: int = 0

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            if not 0 <= getattr(self, name) <= RATE_UNIT:
                raise ProvisionInvalid("A share lies between 0 and 1.", field=name.removesuffix("_e8"))
        if self.pd_lifetime_e8 < self.pd_12_months_e8:
            raise ProvisionInvalid(
                "A default within a year is a default within the lifetime.", field="pd_lifetime"
            )


@dataclass(frozen=True)
class ExpectedLoss:
    """The stage, the exposure it is computed on, and the loss."""

    stage: int
    exposure: Fraction
    probability: Fraction
    loss_minor: int
    interest_on_net: bool


def matrix_provision(
    *,
    exposure_minor: int,
    category: str,
    matrix_e8: Mapping[str, int] = MATRIX_E8,
    rounding: Rounding = Rounding.HALF_UP,
) -> int:
    """Return the category's share of an exposure. Refuses ProvisionInvalid."""
    if category not in matrix_e8 or not 0 <= matrix_e8[category] <= RATE_UNIT:
        raise ProvisionInvalid("The matrix has a share between 0 and 1 for each category.", field="matrix")
    return divide_rounded(
        numerator=exposure_minor * matrix_e8[category], denominator=RATE_UNIT, mode=rounding
    )


def stage_of(*, days_past_due: int, on_watch_list: bool = False, credit_impaired: bool = False) -> int:
    """Return the stage: 3 above 90 days or impaired, 2 above 30 days or on the watch list, else 1."""
    if days_past_due > STAGE_3_AFTER_DPD or credit_impaired:
        return 3
    return 2 if days_past_due > STAGE_2_AFTER_DPD or on_watch_list else 1


def expected_credit_loss(
    *,
    stage: int,
    drawn_minor: int,
    undrawn_minor: int = 0,
    parameters: LossParameters,
    rounding: Rounding = Rounding.HALF_UP,
) -> ExpectedLoss:
    """Return the loss to set aside: of one year in stage 1, of the lifetime in stages 2 and 3.

    In stage 3 the default has happened: its probability is 1 unless the parameters say otherwise.
    """
    exposure = drawn_minor + undrawn_minor * Fraction(parameters.conversion_e8, RATE_UNIT)
    by_stage = {1: parameters.pd_12_months_e8, 2: parameters.pd_lifetime_e8, 3: parameters.pd_stage_3_e8}
    probability = Fraction(by_stage[stage], RATE_UNIT)
    loss = exposure * probability * Fraction(parameters.lgd_e8 * parameters.discount_e8, RATE_UNIT**2)
    minor = divide_rounded(numerator=loss.numerator, denominator=loss.denominator, mode=rounding)
    return ExpectedLoss(stage, exposure, probability, minor, interest_on_net=stage == 3)
