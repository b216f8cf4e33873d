"""The collections app; its package is singular because the plural is a module of the standard library."""

from django.apps import AppConfig


class CollectionConfig(AppConfig):
    """Loads the commands and projections of collections when Django starts."""

    name = "collection"
    verbose_name = "Collections"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register handlers, postings and projections."""
        from collection import registry  # noqa: F401
