"""The addresses of the books. Owns: paths. Refuses to know: what stands behind them."""

from __future__ import annotations

from django.urls import path

from ledger.api import (
    account_postings,
    balances,
    calculators,
    funding,
    journal,
    loan_events,
    loans,
    periods,
    products,
    settlement,
    statements,
)

urlpatterns = [
    path("loans", loans.Loans.as_view()),
    path("loans/<uuid:loan_id>", loans.LoanDetail.as_view(), name="loan"),
    path("loans/<uuid:loan_id>/schedule", loans.Schedule.as_view()),
    path("loans/<uuid:loan_id>/events", loan_events.LoanEvents.as_view()),
    path("loans/<uuid:loan_id>/payoff-quote", loans.PayoffQuote.as_view()),
    path("loans/<uuid:loan_id>/statement", statements.LoanStatement.as_view(), name="loan-statement"),
    path(
        "settlement-accounts/<uuid:account_id>",
        settlement.SettlementAccountDetail.as_view(),
        name="settlement-account",
    ),
    path("settlement-accounts/<uuid:account_id>/movements", settlement.Movements.as_view()),
    path("settlement-accounts/<uuid:account_id>/receipts", settlement.Receipts.as_view()),
    path("settlement-accounts/<uuid:account_id>/receipt-returns", settlement.ReceiptReturns.as_view()),
    path(
        "settlement-accounts/<uuid:account_id>/statement",
        statements.AccountStatement.as_view(),
        name="settlement-account-statement",
    ),
    path("journal-entries", journal.JournalEntries.as_view()),
    path("trial-balance", balances.TrialBalance.as_view()),
    path("general-ledger", balances.GeneralLedger.as_view()),
    path("gl-accounts/<str:code>/postings", account_postings.AccountPostings.as_view()),
    path("tie-out", balances.TieOutNow.as_view()),
    path("funding-report", funding.FundingReport.as_view()),
    path("periods", periods.ClosedPeriods.as_view()),
    path("business-date", journal.BusinessDateNow.as_view()),
    path("products", products.Products.as_view()),
    path("products/<str:code>/versions", products.ProductVersions.as_view()),
    path("products/<str:code>/versions/<int:number>", products.ProductVersionDetail.as_view()),
    path("products/<str:code>/check", products.ProductCheck.as_view()),
    path("products/<str:code>/retirement", products.ProductRetirement.as_view()),
    path("products/<str:code>/funding", funding.ProductFundingAgreements.as_view()),
    *calculators.calculator_urls(),
]
