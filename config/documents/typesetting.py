"""Letters and lines on paper: embedded fonts, widths, and text that fits its place.

Owns: the two fonts, the width of a text, breaking at words and cutting off what does not fit.
Refuses to know: pages and documents. The fonts come with the library and go into every file, so that a file
looks the same everywhere. What they have no letter for is written as its code point, such as U+4E2D.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR: Final = "Vera"
BOLD: Final = "VeraBd"
_FONTS: Final = Path(reportlab.__file__).parent / "fonts"
_UNITS: Final = 1000  # the widths of letters are thousandths of the font's size


@lru_cache(maxsize=1)
def register_fonts() -> None:
    """Make the fonts known to the library, once per process."""
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"{name}.ttf")))


@lru_cache(maxsize=2)
def _face(font: str) -> Any:
    register_fonts()
    return pdfmetrics.getFont(font).face


@lru_cache(maxsize=4096)
def _letter(font: str, letter: str) -> tuple[str, int]:
    """Return what is written for a letter, and its width in thousandths of the size."""
    face = _face(font)
    written = letter if ord(letter) in face.charToGlyph else f"U+{ord(letter):04X}"
    return written, sum(round(face.charWidths[ord(one)]) for one in written)


def writable(text: str, *, font: str) -> str:
    """Return the text in letters the font has."""
    return text if text.isascii() else "".join(_letter(font, letter)[0] for letter in text)


def width_of(text: str, *, font: str, size: int) -> int:
    """Return how wide a text is, in thousandths of a point."""
    return sum([_letter(font, letter)[1] for letter in text]) * size * 1000 // _UNITS


def fitted(text: str, *, font: str, size: int, width: int) -> str:
    """Return the text, or its beginning and an ellipsis where the whole is wider than the place."""
    if width_of(text, font=font, size=size) <= width:
        return text
    kept = text
    while kept and width_of(f"{kept}\N{HORIZONTAL ELLIPSIS}", font=font, size=size) > width:
        kept = kept[:-1]
    return f"{kept.rstrip()}\N{HORIZONTAL ELLIPSIS}"


def broken(text: str, *, font: str, size: int, width: int) -> Iterator[str]:
    """Yield the text in lines that fit, broken between words."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and width_of(longer, font=font, size=size) > width:
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line
