"""What each kind of event means, in plain words.

Owns: one sentence per topic, and the few facts of a payload worth reading at a glance.
Refuses to know: how events come about. A topic without words is shown as it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from config.admin.formatting import amount_text, words

EVENT_WORDS: Final = {
    "entity.registered": "Legal entity registered",
    "entity.account_linked": "Shop account linked, with consent",
    "entity.sales_recorded": "Sales of a shop account counted in",
    "entity.blacklisted": "Entity and its accounts blacklisted",
    "application.submitted": "Application submitted",
    "application.approved": "Application approved",
    "application.rejected": "Application rejected",
    "application.withdrawn": "Application withdrawn",
    "line.opened": "Credit line opened",
    "line.limit_changed": "Limit changed",
    "line.reserved": "Part of the limit held for a payout",
    "line.released": "Held part of the limit given back",
    "line.booked": "Held part of the limit drawn",
    "line.restored": "Limit restored by repaid principal",
    "line.drawn_again": "Principal owed again, drawn again",
    "line.frozen": "Credit line frozen",
    "line.thawed": "Credit line thawed",
    "line.blacklisted": "Credit line blocked by the blacklist",
    "line.closed": "Credit line closed",
    "loan.requested": "Drawdown accepted, payout requested",
    "loan.conventions_agreed": "Conventions of the contract agreed",
    "loan.parts_agreed": "To be paid out in parts",
    "loan.part_called": "Further part called, payout requested",
    "loan.part_failed": "Payout of a part failed, the part can be called again",
    "loan.rest_ended": "Nothing more can be called",
    "loan.disbursement_failed": "Payout failed, loan cancelled",
    "loan.aged": "Time has passed: arrears, penalties or the category changed",
    "loan.taken_over": "Taken over from other books",
    "loan.disbursed": "Loan paid out",
    "loan.payment_received": "Payment received",
    "loan.payment_reversed": "Payment reversed",
    "loan.disbursement_reversed": "Payout came back",
    "loan.refunded": "Overpayment refunded",
    "loan.chargeback": "Payment charged back by the payer's bank",
    "loan.charge_added": "Charge added",
    "loan.charge_waived": "Charge waived",
    "loan.charge_adjusted": "Charge lowered",
    "loan.interest_waived": "Interest waived",
    "loan.penalty_waived": "Penalty waived",
    "loan.rate_changed": "Rate changed",
    "loan.interest_paused": "Interest paused",
    "loan.promotion_granted": "Promotional rate granted",
    "loan.promotion_ended": "Promotional rate ended",
    "loan.plan_changed": "Repayment plan replaced",
    "loan.change_undone": "Change undone",
    "loan.accelerated": "Everything called due",
    "loan.non_accrual_started": "Interest no longer taken as income",
    "loan.non_accrual_ended": "Interest taken as income again",
    "loan.charged_off": "Charged off, the claim stays",
    "loan.charge_off_undone": "Charge-off undone",
    "loan.written_off": "Written off, the rest given up",
    "loan.recovered": "Recovered after the charge-off",
    "loan.settled_at_discount": "Settled for less, the rest given up",
    "loan.sold": "Sold, the claim is the buyer's",
    "loan.sale_undone": "Sale undone, the claim is back",
    "settlement.opened": "Settlement account opened",
    "settlement.received": "Money received",
    "settlement.receipt_returned": "Received money taken back by its channel",
    "settlement.debited": "Debited for a loan of its own",
    "settlement.deducted": "Debited for a loan of a linked account",
    "settlement.credited": "Given back by a loan of its own",
    "settlement.deduction_returned": "Given back by a loan of a linked account",
    "settlement.withdrawal_requested": "Withdrawal requested, its amount held",
    "settlement.withdrawn": "Money paid out to the borrower",
    "settlement.withdrawal_failed": "Withdrawal not paid by the bank, its amount free again",
    "settlement.reserved": "Part of the balance held",
    "settlement.released": "Held part of the balance released",
    "product.version_saved": "Version of a product saved",
    "product.retired": "Product no longer offered",
    "bureau.reported": "Reported to the credit bureau",
    "product.funding_agreed": "Funding of a product agreed",
    "period.closed": "Month closed for good",
    "proposal.made": "Proposed, waiting for another person",
    "proposal.approved": "Proposal approved and carried out",
    "proposal.rejected": "Proposal rejected",
    "accrual.run_posted": "Day's accrual posted",
    "provision.posted": "Allowance for losses raised or released",
}
_PLAIN_FACTS: Final = (
    "reference", "kind", "mode", "reason", "number", "due_on", "maturity_date", "channel", "month",
    "days_past_due", "schedule_version", "purpose", "rows", "business_date", "value_date", "status",
)  # fmt: skip


def event_words(topic: str) -> str:
    """Return what happened."""
    return EVENT_WORDS.get(topic, topic)


def payload_facts(state: Mapping[str, Any], *, currency: str | None = None) -> str:
    """Return the amounts and the few plain facts of a payload on one line."""
    return " · ".join(_facts(state, str(state.get("currency") or currency or "")))


def _facts(state: Mapping[str, Any], currency: str) -> Iterator[str]:
    for name, value in state.items():
        if name.endswith("_minor") and isinstance(value, int):
            yield f"{words(name.removesuffix('_minor'))} {amount_text(value, currency)}"
        elif name in _PLAIN_FACTS and isinstance(value, str | int) and value != "":
            yield f"{words(name)} {words(value) if name in ('kind', 'mode', 'reason') else value}"
