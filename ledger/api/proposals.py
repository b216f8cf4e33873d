"""Two people for what gives money away: proposing a fact of a loan, and deciding on a proposal.

Owns: the views and the shapes of their bodies and answers. Refuses to know: which facts need a second person,
and what a fact leads to.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.access import APPROVERS, PROPOSAL_READERS, PROPOSERS
from config.api.endpoints import AnswerEndpoint, ListEndpoint
from config.api.fields import MoneyText, StrictCharField, StrictChoiceField, StrictUUIDField
from config.api.pagination import PageQuery
from config.api.presenting import presented
from config.api.serializers import StrictSerializer
from config.api.writing import CommandEndpoint
from ledger import queries
from ledger.api.loan_facts import FactBody, FactSchema
from ledger.commands.propose_loan_fact import ApproveProposal, ProposeLoanFact, RejectProposal
from ledger.eventstore.commands import Command
from ledger.kernel.money import Money
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.loan_fact_queries import loan_account
from ledger.loan_fact_reports import reported_fact
from ledger.proposal_models import Proposal

Shape = serializers.Serializer[Any]


class ProposalOfAnother(Refusal):
    """Who may only propose takes back no proposal but an own one."""

    code = "LEDGER_PROPOSAL_OF_ANOTHER"
    kind = RefusalKind.FORBIDDEN


class ProposalQuery(PageQuery):
    """Narrows the list of proposals."""

    status = StrictChoiceField(choices=["pending", "approved", "rejected"], required=False)
    loan_id = StrictUUIDField(required=False)


class ProposalSerializer(Shape):
    """A proposal: who asked for which fact and why, what it would change in the books, and who decided.

    ``fingerprint`` stands for everything that is asked for; an approval names it.
    """

    id = serializers.UUIDField()
    loan_id = serializers.UUIDField()
    entity_id = serializers.UUIDField()
    kind = serializers.CharField()
    currency = serializers.CharField()
    amount = MoneyText(source="amount_minor")
    value_date = serializers.DateField()
    reason = serializers.CharField()
    details = serializers.SerializerMethodField()
    plan = serializers.SerializerMethodField()
    effect = serializers.SerializerMethodField()
    fingerprint = serializers.CharField()
    status = serializers.CharField()
    proposed_by = serializers.CharField()
    proposed_on = serializers.DateField()
    decided_by = serializers.CharField(allow_null=True)
    decided_on = serializers.DateField(allow_null=True)
    decision_reason = serializers.CharField()
    fact_id = serializers.CharField(allow_null=True)

    @extend_schema_field({"type": "object"})
    def get_details(self, row: Proposal) -> dict[str, Any]:
        """Return what the kind adds, with amounts as money."""
        return presented(row.fact["details"], currency=row.currency)

    @extend_schema_field({"type": ["object", "null"]})
    def get_plan(self, row: Proposal) -> Any:
        """Return the terms of a new plan."""
        return row.fact["plan"]

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_effect(self, row: Proposal) -> dict[str, str]:
        """Return by how much each balance would have changed when it was proposed."""
        return {one["component"]: Money(one["amount_minor"], row.currency).as_text() for one in row.effect}


class ProposalAnswer(Shape):
    """Where the proposal stands; ``fact_id`` names the fact that an approval recorded."""

    proposal_id = serializers.UUIDField()
    loan_id = serializers.UUIDField()
    status = serializers.CharField()
    fingerprint = serializers.CharField()
    fact_id = serializers.CharField(allow_null=True)


class LoanProposals(CommandEndpoint):
    """Propose a fact that gives money away; it is tried first, and waits for another person."""

    schema = FactSchema()
    roles = {"POST": PROPOSERS}
    body = FactBody
    answer = ProposalAnswer
    made = ("proposal", "proposal_id")

    def command(self) -> Command:
        """Return the proposal; refuses a field of the fact by its name."""
        self.loan = queries.loan(scope=self.viewer.scope, loan_id=self.kwargs["loan_id"])
        fact = reported_fact(self.values["fact"], loan=loan_account(self.loan.id).state)
        return ProposeLoanFact(fact=fact.command(self.loan))

    def currency_of(self, command: Command) -> str | None:
        """Return the loan's currency."""
        del command
        return self.loan.currency

    def led_to(self, result: dict[str, Any]) -> dict[str, Any]:
        """Say that nothing has been recorded yet."""
        return {"fact_id": None, **result}


class Proposals(ListEndpoint):
    """List proposals."""

    roles = {"GET": PROPOSAL_READERS}
    query = ProposalQuery
    row = ProposalSerializer
    ordering = ("proposed_on", "id")

    def rows(self) -> QuerySet[Proposal]:
        """Return the proposals."""
        return queries.proposals(status=self.asked.get("status"), loan_id=self.asked.get("loan_id"))


class ProposalDetail(AnswerEndpoint):
    """Show one proposal."""

    roles = {"GET": PROPOSAL_READERS}
    shape = ProposalSerializer

    def find(self) -> Proposal:
        """Return the proposal."""
        return queries.proposal(proposal_id=self.kwargs["proposal_id"])


class ApprovalBody(StrictSerializer):
    """What is approved: the fingerprint of the proposal as the approver has read it."""

    fingerprint = StrictCharField(max_length=64)


class RejectionBody(StrictSerializer):
    """Why it is turned down; kept with the event."""

    reason = StrictCharField()


class _Decision(CommandEndpoint):
    answer = ProposalAnswer
    success_status = 200
    proposal: Proposal

    def currency_of(self, command: Command) -> str | None:
        """Return the loan's currency."""
        del command
        return self.proposal.currency

    def named(self) -> dict[str, Any]:
        """Return the proposal, and what deciding on it locks."""
        self.proposal = queries.proposal(proposal_id=self.kwargs["proposal_id"])
        return queries.deciding_names(self.proposal.id)


class ProposalApproval(_Decision):
    """Approve a proposal of somebody else, which carries it out."""

    roles = {"POST": APPROVERS}
    body = ApprovalBody

    def command(self) -> Command:
        """Return the approval."""
        return ApproveProposal(**self.named(), seen=self.values["fingerprint"])


class ProposalRejection(_Decision):
    """Reject a proposal, or take an own one back."""

    roles = {"POST": PROPOSERS}
    body = RejectionBody

    def command(self) -> Command:
        """Return the rejection. Refuses ProposalOfAnother."""
        names = self.named()
        is_own = self.proposal.proposed_by == self.viewer.actor.principal
        if not is_own and not self.viewer.roles & APPROVERS:
            raise ProposalOfAnother(
                "Reviewers, accountants and administrators turn down what others propose."
            )
        return RejectProposal(**names, reason=self.values["reason"])
