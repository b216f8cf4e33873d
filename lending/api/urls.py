"""The addresses of lending. Owns: paths. Refuses to know: what stands behind them."""

from __future__ import annotations

from django.urls import path

from lending.api import applications, credit_lines, entities, order_imports, repayments

urlpatterns = [
    path("entities", entities.Entities.as_view()),
    path("entities/<uuid:entity_id>", entities.EntityDetail.as_view(), name="entity"),
    path("entities/<uuid:entity_id>/accounts", entities.EntityAccounts.as_view()),
    path("order-imports", order_imports.OrderImports.as_view()),
    path("order-imports/<uuid:import_id>", order_imports.OrderImportDetail.as_view(), name="order-import"),
    path("applications", applications.Applications.as_view()),
    path("applications/<uuid:application_id>", applications.ApplicationDetail.as_view(), name="application"),
    path("credit-lines", credit_lines.CreditLines.as_view()),
    path("credit-lines/<uuid:line_id>", credit_lines.CreditLineDetail.as_view()),
    path("credit-lines/<uuid:line_id>/drawdowns", credit_lines.Drawdowns.as_view()),
    path("credit-lines/<uuid:line_id>/freeze", credit_lines.Freeze.as_view()),
    path("credit-lines/<uuid:line_id>/thaw", credit_lines.Thaw.as_view()),
    path("credit-lines/<uuid:line_id>/limit", credit_lines.Limit.as_view()),
    path("loans/<uuid:loan_id>/repayments", repayments.Repayments.as_view()),
]
