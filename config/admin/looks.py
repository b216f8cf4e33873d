"""Forms that show what a command would lead to before it can be given.

Owns: the mark of what was shown, which the page sends back with the form, and the sentence that says why a form is
shown again. Refuses to know: any command, and what its effect looks like. A command is given only if the mark says
that the same request was shown on the same business day with nothing happened since.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse

from config.admin.command_forms import field_of
from config.admin.sections import Table
from ledger.kernel.refusals import Refusal

MARK_LENGTH_MAX: Final = 100


class LookForm(forms.Form):
    """Carries the mark of what was shown before; it is empty until something was."""

    looked = forms.CharField(required=False, max_length=MARK_LENGTH_MAX, widget=forms.HiddenInput)


@dataclass(frozen=True, kw_only=True)
class Look:
    """Everything that an effect is worked out from: the request, the open date, and the record as it stands."""

    asked: str
    on: date
    version: int
    subject: str

    @property
    def mark(self) -> str:
        """Return what the page sends back."""
        return f"{self.asked}:{self.on}:{self.version}"

    def moved_since(self, mark: str) -> str:
        """Say why what was shown under a mark would not be shown now; nothing where nothing was shown."""
        if mark in ("", self.mark):
            return ""
        asked, _, rest = mark.partition(":")
        if asked != self.asked:
            return "This is another request than the one that was shown; look at it once more."
        if not rest.startswith(f"{self.on}:"):
            return "The business day has closed since this was shown; look at it once more."
        return f"Something has happened to the {self.subject} since this was shown; look at it once more."


@dataclass
class Seen:
    """What a page shows above its form: the effect, and why it is shown again."""

    parts: list[tuple[str, Table]] = field(default_factory=list)
    moved: str = ""


def sent(
    request: HttpRequest, form: Any, take: Callable[[Seen], HttpResponse | None]
) -> tuple[HttpResponse | None, Seen]:
    """Return where a form that was sent leads, or nothing and what its page shows.

    ``take`` gives the command if its effect was shown, or fills in what is seen. What it refuses stands at the
    field it means, and the next sending is another request.
    """
    seen = Seen()
    if request.method != "POST":
        return None, seen
    if not form.is_valid():
        unlook(form)
        return None, seen
    try:
        return take(seen), seen
    except Refusal as refusal:
        form.add_error(field_of(refusal.field, form), f"{refusal.message} ({refusal.code})")
        start_again(form)
    return None, seen


def show(form: Any, look: Look) -> None:
    """Have the page send back what it shows; a bound form would otherwise send what was sent."""
    form.data = {**form.data.dict(), "looked": look.mark}


def unlook(form: Any) -> None:
    """Have the next sending show the effect first."""
    form.data = {**form.data.dict(), "looked": ""}


def start_again(form: Any) -> None:
    """Have the next sending be another request: a refusal stays the answer under the key that it was given for."""
    form.data = {**form.data.dict(), "looked": "", "key": str(uuid4())}
