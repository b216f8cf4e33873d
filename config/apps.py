"""The platform app: what every other app stands on (processes, database role, admin site)."""

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate


class PlatformConfig(AppConfig):
    """Holds what runs the product as a whole."""

    name = "config"
    label = "platform"
    verbose_name = "Platform"

    def ready(self) -> None:
        """Load Celery, listen for nudges, and set rights and roles again after migrations."""
        from config.celery import app
        from config.grants import grant_application_role
        from config.nudges import tell_worker
        from config.roles import set_role_permissions
        from config.schedules import ensure_schedules
        from ledger.eventstore.nudging import on_nudge

        app.set_default()
        if settings.LOANBOOK_NUDGE == "celery":
            on_nudge(tell_worker)
        post_migrate.connect(grant_application_role, sender=self, dispatch_uid="grants")
        # The last app: by then the permissions of every app exist.
        last = apps.get_app_config("collection")
        post_migrate.connect(set_role_permissions, sender=last, dispatch_uid="role permissions")
        post_migrate.connect(ensure_schedules, sender=last, dispatch_uid="schedules")
