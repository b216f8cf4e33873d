"""The addresses of the books. Owns: paths. Refuses to know: what stands behind them."""

from __future__ import annotations

from django.urls import path

from ledger.api import calculators, journal, loan_events, loans, products, settlement

urlpatterns = [
    path("loans", loans.Loans.as_view()),
    path("loans/<uuid:loan_id>", loans.LoanDetail.as_view(), name="loan"),
    path("loans/<uuid:loan_id>/schedule", loans.Schedule.as_view()),
    path("loans/<uuid:loan_id>/events", loan_events.LoanEvents.as_view()),
    path("loans/<uuid:loan_id>/payoff-quote", loans.PayoffQuote.as_view()),
    path(
        "settlement-accounts/<uuid:account_id>",
        settlement.SettlementAccountDetail.as_view(),
        name="settlement-account",
    ),
    path("settlement-accounts/<uuid:account_id>/movements", settlement.Movements.as_view()),
    path("settlement-accounts/<uuid:account_id>/receipts", settlement.Receipts.as_view()),
    path("settlement-accounts/<uuid:account_id>/receipt-returns", settlement.ReceiptReturns.as_view()),
    path("journal-entries", journal.JournalEntries.as_view()),
    path("trial-balance", journal.TrialBalance.as_view()),
    path("business-date", journal.BusinessDateNow.as_view()),
    path("products", products.Products.as_view()),
    path("products/<str:code>/versions", products.ProductVersions.as_view()),
    path("products/<str:code>/versions/<int:number>", products.ProductVersionDetail.as_view()),
    path("products/<str:code>/check", products.ProductCheck.as_view()),
    path("products/<str:code>/retirement", products.ProductRetirement.as_view()),
    *calculators.calculator_urls(),
]
