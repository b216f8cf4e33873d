"""What is taken from the admin library, with types for the checker, which the library has none of.

Owns: the names under which the rest of the admin uses it. Refuses to know: any page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

if TYPE_CHECKING:
    from django.contrib.admin import FieldListFilter as RangeDateFilter
    from django.contrib.admin import ModelAdmin as TypedModelAdmin
    from django.contrib.admin import SimpleListFilter as DropdownFilter
    from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
    from django.forms import Select as SelectWidget
    from django.forms import TextInput as TextWidget
    from django.http import HttpRequest

    class ModelAdmin(TypedModelAdmin[Any]):
        """Django's, and what the library adds to it."""

        def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]: ...

    def action(*, description: str, url_path: str, icon: str, permissions: list[str]) -> Callable[[F], F]: ...
else:
    from unfold.admin import ModelAdmin
    from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter
    from unfold.decorators import action
    from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
    from unfold.widgets import UnfoldAdminSelectWidget as SelectWidget
    from unfold.widgets import UnfoldAdminTextInputWidget as TextWidget

__all__ = [
    "AdminPasswordChangeForm",
    "DropdownFilter",
    "ModelAdmin",
    "RangeDateFilter",
    "SelectWidget",
    "TextWidget",
    "UserChangeForm",
    "UserCreationForm",
    "action",
]
