"""The ways a calculator says no before any arithmetic begins.

Owns: one named refusal for each way in which an input can be wrong in form.
Refuses to know: the rules of the arithmetic; those are refused beside the rule.
"""

from __future__ import annotations

from ledger.kernel.refusals import Refusal, RefusalKind


class CalculatorUnknown(Refusal):
    """There is no calculator of that name."""

    code = "LEDGER_CALCULATOR_UNKNOWN"
    kind = RefusalKind.NOT_FOUND


class InputNotAnObject(Refusal):
    """A calculator takes one JSON object."""

    code = "LEDGER_CALCULATOR_INPUT_NOT_AN_OBJECT"
    kind = RefusalKind.INVALID


class InputFieldUnknown(Refusal):
    """The input has a field that the calculator does not know."""

    code = "LEDGER_CALCULATOR_FIELD_UNKNOWN"
    kind = RefusalKind.INVALID


class InputFieldMissing(Refusal):
    """A field without a default was not given."""

    code = "LEDGER_CALCULATOR_FIELD_MISSING"
    kind = RefusalKind.INVALID


class InputFieldInvalid(Refusal):
    """A field holds a value of the wrong type, or a word that is not one of its choices."""

    code = "LEDGER_CALCULATOR_FIELD_INVALID"
    kind = RefusalKind.INVALID


class InputOutOfBounds(Refusal):
    """A number, a date, a text or a list is outside the bounds of its field."""

    code = "LEDGER_CALCULATOR_OUT_OF_BOUNDS"
    kind = RefusalKind.INVALID


class InputContradictory(Refusal):
    """Two fields of the input exclude each other, or one needs another."""

    code = "LEDGER_CALCULATOR_CONTRADICTORY"
    kind = RefusalKind.INVALID
