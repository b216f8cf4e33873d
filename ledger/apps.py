"""The ledger app: the books."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Loads the commands and projections of the books when Django starts."""

    name = "ledger"
    verbose_name = "Ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register handlers, postings and projections."""
        from ledger import registry  # noqa: F401
