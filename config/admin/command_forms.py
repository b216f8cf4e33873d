"""Pages that ask staff for what a command needs and then give it.

Owns: the form, its idempotency key, and what is shown after the outcome.
Refuses to know: any command. Nothing is written here; the command processor decides and writes.
The key is made with the form, so a form that is sent twice is one command.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from config.admin.links import list_url, record_url
from config.identities import BORROWER, actor_of
from ledger.eventstore.commands import Actor, Command, Outcome
from ledger.eventstore.processor import execute

REASON_LENGTH_MAX = 200


class CommandForm(forms.Form):
    """Asks for nothing but a confirmation."""

    key = forms.RegexField(r"^[0-9a-f-]{36}\Z", widget=forms.HiddenInput)


class ReasonForm(CommandForm):
    """Asks for the reason, which becomes part of the event and is kept for ever."""

    reason = forms.CharField(
        max_length=REASON_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "class": "command-text", "autofocus": True}),
        help_text="Kept for ever with the event; write no names, phone numbers or documents here.",
    )


class MonthForm(CommandForm):
    """Asks for a month."""

    month = forms.RegexField(
        r"^[0-9]{4}-[0-9]{2}\Z",
        widget=forms.TextInput(attrs={"type": "month", "class": "command-text", "autofocus": True}),
        error_messages={"invalid": "A month is written YYYY-MM."},
    )


def command_view(
    model_admin: Any,
    request: HttpRequest,
    *,
    object_id: str | None,
    title: str,
    explanation: str,
    form_class: type[CommandForm],
    command: Callable[[CommandForm], Command],
    done: str,
) -> HttpResponse:
    """Show the form, or give the command it was filled in for and lead back to the record, or to the list."""
    record = None if object_id is None else model_admin.get_object(request, object_id)
    if object_id is not None and record is None:
        raise Http404(f"There is no {model_admin.opts.verbose_name} {object_id}.")
    form = form_class(request.POST or None, initial={"key": str(uuid4())})
    label = model_admin.opts.label_lower
    back = list_url(label) if record is None else record_url(label, record.pk)
    if request.method == "POST" and form.is_valid():
        outcome = give_command(request, command(form), key=form.cleaned_data["key"], done=done)
        if outcome.refusal is not None:
            why = capfirst(outcome.refusal.message.rstrip("."))
            messages.error(request, f"{why} ({outcome.refusal.code}). Nothing has changed.")
        return HttpResponseRedirect(back)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": None,
        "title": title,
        "explanation": explanation,
        "record": record,
        "form": form,
        "back": back,
    }
    return TemplateResponse(request, "admin/command_form.html", context)


def give_command(request: HttpRequest, command: Command, *, key: str, done: str) -> Outcome:
    """Give a command in the name of whoever is signed in, and say so when it is done.

    Raises PermissionDenied for members of an entity.
    """
    outcome = execute(command, actor=_giver(request), key=f"admin:{key}")
    if outcome.refusal is None:
        messages.success(request, done)
    return outcome


def try_command(request: HttpRequest, command: Command, *, key: str) -> Outcome:
    """Return what a command would lead to, or what it led to if it was given under this key before.

    Raises PermissionDenied for members of an entity.
    """
    return execute(command, actor=_giver(request), key=f"admin:{key}", dry_run=True)


def field_of(name: str | None, form: forms.Form) -> str | None:
    """Return the form's field that a refusal means, or None where the form has no such field."""
    if name is None:
        return None
    last = name.rpartition(".")[2].removesuffix("_minor")
    return last if last in form.fields else None


def _giver(request: HttpRequest) -> Actor:
    actor = actor_of(request.user)  # type: ignore[arg-type]  # the site admits signed-in staff only
    if BORROWER in actor.roles:
        raise PermissionDenied("A member of an entity gives no commands to others.")
    return actor
