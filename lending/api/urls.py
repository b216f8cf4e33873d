"""The addresses of lending. Owns: paths. Refuses to know: what stands behind them."""

from __future__ import annotations

from django.urls import path

from lending.api import (
    applications,
    credit_lines,
    drawdowns,
    entities,
    further_parts,
    letters,
    line_changes,
    order_imports,
    payment_returns,
    positions,
    repayments,
    statements,
    withdrawals,
)

urlpatterns = [
    path("entities", entities.Entities.as_view()),
    path("entities/<uuid:entity_id>", entities.EntityDetail.as_view(), name="entity"),
    path("entities/<uuid:entity_id>/accounts", entities.EntityAccounts.as_view()),
    path(
        "entities/<uuid:entity_id>/statement", statements.EntityStatement.as_view(), name="entity-statement"
    ),
    path("entities/<uuid:entity_id>/position", positions.EntityPositionOn.as_view()),
    path("order-imports", order_imports.OrderImports.as_view()),
    path("order-imports/<uuid:import_id>", order_imports.OrderImportDetail.as_view(), name="order-import"),
    path("applications", applications.Applications.as_view()),
    path("applications/<uuid:application_id>", applications.ApplicationDetail.as_view(), name="application"),
    path("credit-lines", credit_lines.CreditLines.as_view()),
    path("credit-lines/<uuid:line_id>", credit_lines.CreditLineDetail.as_view()),
    path("credit-lines/<uuid:line_id>/position", positions.LinePositionOn.as_view()),
    path("credit-lines/<uuid:line_id>/drawdowns", drawdowns.Drawdowns.as_view()),
    path("credit-lines/<uuid:line_id>/freeze", line_changes.Freeze.as_view()),
    path("credit-lines/<uuid:line_id>/thaw", line_changes.Thaw.as_view()),
    path("credit-lines/<uuid:line_id>/limit", line_changes.Limit.as_view()),
    path("loans/<uuid:loan_id>/contract", letters.ContractLetter.as_view(), name="loan-contract"),
    path("loans/<uuid:loan_id>/payoff-letter", letters.PayoffLetterView.as_view(), name="loan-payoff-letter"),
    path("settlement-accounts/<uuid:account_id>/payment-returns", payment_returns.PaymentReturns.as_view()),
    path("settlement-accounts/<uuid:account_id>/withdrawals", withdrawals.Withdrawals.as_view()),
    path("withdrawals/<uuid:withdrawal_id>", withdrawals.WithdrawalDetail.as_view(), name="withdrawal"),
    path("loans/<uuid:loan_id>/repayments", repayments.Repayments.as_view()),
    path("loans/<uuid:loan_id>/parts", further_parts.Parts.as_view()),
    path("loans/<uuid:loan_id>/rest-cancellation", further_parts.RestCancellation.as_view()),
]
