"""The addresses of collections. Owns: paths. Refuses to know: what stands behind them."""

from __future__ import annotations

from django.urls import path

from collection.api import records

urlpatterns = [
    path("notices", records.Notices.as_view()),
    path("blacklist", records.Blacklist.as_view()),
]
