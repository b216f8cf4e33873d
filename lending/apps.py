"""The lending app: entities, applications, credit lines and drawdowns."""

from django.apps import AppConfig


class LendingConfig(AppConfig):
    """Loads the commands and projections of lending when Django starts."""

    name = "lending"
    verbose_name = "Lending"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register handlers, postings and projections."""
        from lending import registry  # noqa: F401
