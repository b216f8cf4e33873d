"""The text of a PDF file that the product made: enough of the format for our own files, and no more.

Method: streams are ASCII base 85 over deflate; letters of ASCII keep their code in the embedded fonts.
"""

from __future__ import annotations

import base64
import re
import zlib

STREAM = re.compile(rb"/ASCII85Decode /FlateDecode[^>]*>>\s*stream\r?\n(.*?)endstream", re.DOTALL)
SHOWN = re.compile(rb"\(((?:\\.|[^\\)])*)\) Tj")


def pages_of(pdf: bytes) -> list[str]:
    """Return the texts of each page, one to a line, in the order in which they are drawn."""
    pages = []
    for packed in STREAM.findall(pdf):
        content = zlib.decompress(base64.a85decode(packed.strip().removesuffix(b"~>")))
        if b" Tj" in content:
            pages.append("\n".join(_plain(text) for text in SHOWN.findall(content)))
    return pages


def text_of_pdf(pdf: bytes) -> str:
    """Return all of its text."""
    return "\n".join(pages_of(pdf))


def _plain(text: bytes) -> str:
    octal = re.sub(rb"\\([0-7]{3})", lambda code: bytes([int(code[1], 8)]), text)
    return re.sub(rb"\\(.)", rb"\1", octal).decode("latin-1")
