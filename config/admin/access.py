"""People and machines: users, roles, failed sign-ins, machine clients and their tokens.

Owns: how the models of the sign-in libraries are shown, and what administrators may change of them.
Refuses to know: what a role may do (``config.roles``). Only a superuser makes another superuser.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.idp.oidc.admin import ClientAdmin as LibraryClientAdmin
from allauth.idp.oidc.models import Client, Token
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as LibraryUserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from config.admin import formatting
from config.admin.library import AdminPasswordChangeForm, ModelAdmin, UserChangeForm, UserCreationForm
from config.admin.records import RecordAdmin
from config.admin.sections import Table, section

for shown_by_the_library in (
    User,
    Group,
    EmailAddress,
    Client,
    Token,
    AccessAttempt,
    AccessLog,
    AccessFailureLog,
):
    if admin.site.is_registered(shown_by_the_library):
        admin.site.unregister(shown_by_the_library)


@admin.register(User)
class UserAdmin(LibraryUserAdmin, ModelAdmin):  # type: ignore[type-arg]  # not generic when it runs
    """Staff, machine users and borrowers; a role is a group."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "is_active", "is_staff", "roles", "last_login")
    list_filter = ("is_active", "is_staff", "groups")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the groups along."""
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the highest right out of reach of those who do not have it."""
        fixed = ("last_login", "date_joined")
        return fixed if request.user.is_superuser else (*fixed, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep superusers out of reach of administrators, whose password they could otherwise set."""
        out_of_reach = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not out_of_reach and super().has_change_permission(request, obj)

    @admin.display(description="roles")
    def roles(self, user: User) -> str:
        """Return the names of the groups."""
        return ", ".join(sorted(group.name for group in user.groups.all())) or formatting.NOTHING


@admin.register(Group)
class RoleAdmin(RecordAdmin):
    """Roles are written in the program; here one reads what they permit and who has them."""

    list_display = ("name", "members")
    search_fields = ("name",)
    ordering = ("name",)
    fields = ("name", "members")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the members."""
        rows: QuerySet[Any] = super().get_queryset(request).annotate(member_count=Count("user"))
        return rows

    @admin.display(description="members", ordering="member_count")
    def members(self, group: Any) -> int:
        """Return how many users have the role."""
        return int(group.member_count)


@section("auth.group", "Permissions", order=10)
def permissions(_request: HttpRequest, group: Group) -> Table:
    """Show what the role permits."""
    held = group.permissions.select_related("content_type").order_by("content_type__app_label", "codename")
    return Table(["app", "permission"], [[one.content_type.app_label, one.name] for one in held])


@section("auth.group", "Members", order=20, needs=["auth.user"])
def members(_request: HttpRequest, group: Group) -> Table:
    """Show who has the role."""
    rows = [
        [user.username, "yes" if user.is_active else "no"] for user in group.user_set.order_by("username")
    ]
    return Table(["user", "active"], rows)


@admin.register(AccessAttempt)
class FailedSignInAdmin(RecordAdmin):
    """Failed sign-ins that are counted; deleting one lets the person try again at once."""

    list_display = ("attempt_time", "username", "ip_address", "failures_since_start", "user_agent")
    search_fields = ("username", "ip_address")
    ordering = ("-attempt_time",)
    fields = ("attempt_time", "username", "ip_address", "failures_since_start", "user_agent", "path_info")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Lift a lock."""
        return bool(request.user.has_perm("axes.delete_accessattempt"))


@admin.register(AccessLog)
class SignInAdmin(RecordAdmin):
    """Sign-ins and sign-outs."""

    list_display = ("attempt_time", "logout_time", "username", "ip_address", "user_agent")
    search_fields = ("username", "ip_address")
    ordering = ("-attempt_time",)
    fields = ("attempt_time", "logout_time", "username", "ip_address", "user_agent", "path_info")


@admin.register(Client)
class MachineClientAdmin(LibraryClientAdmin, ModelAdmin):  # type: ignore[misc]
    """Machine clients; the secret is shown once, when a client is added."""

    list_display = ("name", "id", "type", "owner", "created_at")
    list_select_related = ("owner",)
    raw_id_fields = ()
    autocomplete_fields = ("owner",)


@admin.register(Token)
class TokenAdmin(RecordAdmin):
    """Tokens in circulation, of which only a hash is kept; deleting one withdraws it."""

    list_display = ("type", "user", "client", "created_at", "expires_at")
    list_select_related = ("user", "client")
    ordering = ("-created_at",)
    fields = ("type", "user", "client", "created_at", "expires_at")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Withdraw a token."""
        return bool(request.user.has_perm("allauth_idp_oidc.delete_token"))
