"""The forms of users, in the admin's style.

Owns: which class each form has, at run time and for the type checker. Refuses to know: users.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
else:
    from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

__all__ = ["AdminPasswordChangeForm", "UserChangeForm", "UserCreationForm"]
