"""One application for credit: submitted, then approved, rejected or withdrawn (D-110, D-150).

Owns: that an application is decided once, and that its decision keeps every figure behind it.
Refuses to know: the rules of the decision; it takes any result that has the shape of ``DecisionMade``.
That an entity has one open application at a time is guarded where all applications are visible.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Protocol
from uuid import UUID

from ledger.kernel.aggregate import Aggregate, aggregate_stream, event_of
from ledger.kernel.currencies import scale_of
from ledger.kernel.refusals import Refusal, RefusalKind
from lending.domain import application_events as events
from lending.domain.application_events import ApplicationState, Figure, RejectionReason

RATIO_MAX_BPS: Final = 10_000


class ApplicationNotSubmitted(Refusal):
    """There is no application yet under this id."""

    code = "LENDING_APPLICATION_NOT_SUBMITTED"
    kind = RefusalKind.NOT_FOUND


class ApplicationAlreadySubmitted(Refusal):
    """An application is submitted once."""

    code = "LENDING_APPLICATION_ALREADY_SUBMITTED"


class ApplicationAlreadyDecided(Refusal):
    """A decision stands; a new application is needed for another one."""

    code = "LENDING_APPLICATION_ALREADY_DECIDED"


class ApplicationIsWithdrawn(Refusal):
    """A withdrawn application takes no further command."""

    code = "LENDING_APPLICATION_WITHDRAWN"


class RequestedAmountInvalid(Refusal):
    """A wished amount is a positive whole number of minor units."""

    code = "LENDING_REQUESTED_AMOUNT_INVALID"
    kind = RefusalKind.INVALID


class DebtRatioInvalid(Refusal):
    """A debt ratio lies between 0 and 100 percent, in whole basis points."""

    code = "LENDING_DEBT_RATIO_INVALID"
    kind = RefusalKind.INVALID


class ReasonGiven(Protocol):
    """A rejection reason as a policy states it."""

    @property
    def code(self) -> str: ...
    @property
    def category(self) -> str: ...


class DecisionMade(Protocol):
    """What a policy must say about an application."""

    @property
    def approved(self) -> bool: ...
    @property
    def limit_minor(self) -> int: ...
    @property
    def reasons(self) -> Sequence[ReasonGiven]: ...
    @property
    def reapply_from(self) -> date | None: ...
    @property
    def policy_version(self) -> str: ...
    @property
    def inputs_sha256(self) -> str: ...
    @property
    def figures(self) -> Sequence[tuple[str, str]]: ...


@aggregate_stream("application")
class Application(Aggregate[ApplicationState]):
    """The life of one request."""

    State = ApplicationState

    def submit(
        self,
        *,
        entity_id: UUID,
        currency: str,
        product_family: str,
        industry_code: str,
        requested_minor: int | None,
        debt_ratio_bps: int,
        clean_record: bool,
        effective_date: date,
    ) -> None:
        """Ask for credit. The wished amount is kept for reviewers; it does not change the limit.

        Refusals: ApplicationAlreadySubmitted, CurrencyUnknown, RequestedAmountInvalid, DebtRatioInvalid.
        """
        if self.state.status:
            raise ApplicationAlreadySubmitted("this application is already submitted")
        scale_of(currency)
        _check_declared(requested_minor=requested_minor, debt_ratio_bps=debt_ratio_bps)
        self.trigger(
            events.ApplicationSubmitted,
            effective_date=effective_date,
            entity_id=entity_id,
            currency=currency,
            product_family=product_family,
            industry_code=industry_code,
            requested_minor=requested_minor,
            debt_ratio_bps=debt_ratio_bps,
            clean_record=clean_record,
        )

    def decide(self, *, decision: DecisionMade, effective_date: date) -> None:
        """Record the policy's result.

        Refusals: ApplicationNotSubmitted, ApplicationAlreadyDecided, ApplicationIsWithdrawn.
        """
        self._check_undecided()
        if decision.approved:
            self._approve(decision, effective_date)
        else:
            self._reject(decision, effective_date)

    def withdraw(self, *, reason: str, effective_date: date) -> None:
        """Stop asking.

        Refusals: ApplicationNotSubmitted, ApplicationAlreadyDecided, ApplicationIsWithdrawn.
        """
        self._check_undecided()
        self.trigger(
            events.ApplicationWithdrawn,
            effective_date=effective_date,
            entity_id=self.state.entity_id,
            reason=reason,
        )

    def _approve(self, decision: DecisionMade, effective_date: date) -> None:
        self.trigger(
            events.ApplicationApproved,
            effective_date=effective_date,
            entity_id=self.state.entity_id,
            currency=self.state.currency,
            limit_minor=decision.limit_minor,
            policy_version=decision.policy_version,
            inputs_sha256=decision.inputs_sha256,
            figures=_figures(decision),
        )

    def _reject(self, decision: DecisionMade, effective_date: date) -> None:
        self.trigger(
            events.ApplicationRejected,
            effective_date=effective_date,
            entity_id=self.state.entity_id,
            currency=self.state.currency,
            reasons=tuple(RejectionReason(reason.code, reason.category) for reason in decision.reasons),
            reapply_from=decision.reapply_from,
            policy_version=decision.policy_version,
            inputs_sha256=decision.inputs_sha256,
            figures=_figures(decision),
        )

    def _check_undecided(self) -> None:
        if not self.state.status:
            raise ApplicationNotSubmitted("there is no application under this id")
        if self.state.status == "withdrawn":
            raise ApplicationIsWithdrawn("this application was withdrawn")
        if self.state.status != "submitted":
            raise ApplicationAlreadyDecided("this application is already decided")


def _check_declared(*, requested_minor: int | None, debt_ratio_bps: int) -> None:
    # Exact type tests: True and 1.0 compare as numbers but are not amounts or basis points.
    if requested_minor is not None and (type(requested_minor) is not int or requested_minor <= 0):
        raise RequestedAmountInvalid("a wished amount is positive", field="requested_minor")
    if type(debt_ratio_bps) is not int or not 0 <= debt_ratio_bps <= RATIO_MAX_BPS:
        raise DebtRatioInvalid("a debt ratio lies between 0 and 100 percent", field="debt_ratio_bps")


def _figures(decision: DecisionMade) -> tuple[Figure, ...]:
    return tuple(Figure(name, value) for name, value in decision.figures)


for _event in (
    events.ApplicationSubmitted,
    events.ApplicationApproved,
    events.ApplicationRejected,
    events.ApplicationWithdrawn,
):
    event_of(Application, _event.TOPIC)(_event)
