"""Reading a JSON body without trusting it.

Owns: size, encoding, notation, repeated names and depth of a body. Refuses to know: its fields.
A number with a fraction or an exponent becomes a Decimal, so that no binary float is ever built; each
field then refuses it by name. A body that is too large is thrown away in small pieces, unread: a
client that is cut off while sending would not see the answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any, Final, NoReturn

from django.conf import settings
from rest_framework.parsers import BaseParser

from config.api.refusals import BodyMalformed, BodyTooDeep, BodyTooLarge

PIECE_BYTES: Final = 65_536
DISCARDED_BYTES_MAX: Final = 50_000_000


class StrictJSONParser(BaseParser):
    """Parses ``application/json`` in UTF-8: one object, no repeated names, no NaN or Infinity."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the object. Refuses BodyTooLarge, BodyMalformed, BodyTooDeep."""
        del media_type, parser_context
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        check_declared_size(stream, bytes_max=limit)
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            _refuse_too_large(stream, bytes_max=limit)
        return decoded_object(raw)


def check_declared_size(stream: IO[Any], *, bytes_max: int) -> None:
    """Refuse a body by what it says of itself, before a byte is read. Refuses BodyTooLarge."""
    declared = getattr(stream, "META", {}).get("CONTENT_LENGTH") or "0"
    if int(declared) > bytes_max:
        _refuse_too_large(stream, bytes_max=bytes_max)


def _refuse_too_large(stream: IO[Any], *, bytes_max: int) -> NoReturn:
    discarded = 0
    while discarded < DISCARDED_BYTES_MAX and (piece := stream.read(PIECE_BYTES)):
        discarded += len(piece)
    raise BodyTooLarge("The body is too large.", bytes_max=bytes_max)


def decoded_object(raw: bytes) -> dict[str, Any]:
    """Return the JSON object in a body. Refuses BodyMalformed, BodyTooDeep."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except RecursionError as error:
        raise BodyTooDeep("The body nests values too deeply.") from error
    except UnicodeDecodeError as error:
        raise BodyMalformed("The body is not UTF-8.") from error
    except ValueError as error:
        raise BodyMalformed("The body is not JSON.") from error
    if not isinstance(value, dict):
        raise BodyMalformed("The body is not a JSON object.")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise BodyMalformed("A name is repeated in an object of the body.")
    for text in (*names, *(value for _, value in pairs if isinstance(value, str))):
        if not is_storable(text):
            raise BodyMalformed("The body holds text that is not valid Unicode.")
    return dict(pairs)


def is_storable(text: str) -> bool:
    """Say whether text can be encoded; half of a surrogate pair cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _refuse_constant(name: str) -> NoReturn:
    raise BodyMalformed(f"{name} is not a JSON number.")
