"""The platform app: what every other app stands on (processes, database role, admin site)."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PlatformConfig(AppConfig):
    """Holds what runs the product as a whole."""

    name = "config"
    label = "platform"
    verbose_name = "Platform"

    def ready(self) -> None:
        """Set the database role's rights again after each migration."""
        from config.grants import grant_application_role

        post_migrate.connect(grant_application_role, sender=self, dispatch_uid="grants")
