"""Which books are asked about: through a date, as known at a moment, by the date of posting or of value.

Owns: the parameters that every question about balances has in common. Refuses to know: any question.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from config.api.fields import StrictChoiceField, StrictDateField, StrictMomentField
from config.api.serializers import StrictSerializer
from ledger.book_moment import BookMoment, DateKind


class MomentQuery(StrictSerializer):
    """``as_of`` is the last date that counts, ``known_at`` the last moment of recording; without them, all."""

    as_of = StrictDateField(required=False)
    known_at = StrictMomentField(required=False)
    by = StrictChoiceField(
        choices=[kind.value for kind in DateKind],
        default=DateKind.POSTING.value,
        help_text="Whether the date is the one of posting, or the one on which the fact counts.",
    )


class PeriodQuery(MomentQuery):
    """A period from a first date through ``as_of``."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``from``, which is a word of the language and cannot name an attribute."""
        return {"from": StrictDateField(required=False), **super().get_fields()}


class MomentSerializer(serializers.Serializer[Any]):
    """The question that is answered."""

    as_of = serializers.DateField(allow_null=True)
    known_at = serializers.DateTimeField(allow_null=True)
    by = serializers.ChoiceField(choices=[kind.value for kind in DateKind])


def moment_of(asked: dict[str, Any]) -> BookMoment:
    """Return the moment that the parameters name."""
    return BookMoment(asked.get("as_of"), asked.get("known_at"), DateKind(asked["by"]))


def shown_moment(moment: BookMoment) -> dict[str, Any]:
    """Return the moment as an answer repeats it."""
    return {"as_of": moment.as_of, "known_at": moment.known_at, "by": moment.by.value}
