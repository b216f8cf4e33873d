"""Opening an order file: its size, its fingerprint, and that it is UTF-8 text.

Owns: reading every byte once before the first line is judged, so that a file is refused as a whole or
not at all. A stream is copied aside (to disk when it is large), because it may be readable only once.
Refuses to know: columns and lines.
"""

from __future__ import annotations

import codecs
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Final, Protocol

from lending.orders.file_refusals import OrderFileEncoding, OrderFileNotCsv, OrderFileTooLarge

BYTES_MAX: Final = 256 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
_IN_MEMORY_MAX: Final = 8 * 1024 * 1024
_OTHER_ENCODINGS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


class ByteStream(Protocol):
    """Anything that gives bytes: an open file, an upload, a network response."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes, nothing at the end."""
        ...


@contextmanager
def open_order_text(
    source: str | Path | ByteStream, *, bytes_max: int = BYTES_MAX
) -> Iterator[tuple[io.TextIOWrapper, str]]:
    """Give the text of a file and the SHA-256 of its bytes.

    Refusals: OrderFileEncoding, OrderFileNotCsv, OrderFileTooLarge.
    """
    with SpooledTemporaryFile(max_size=_IN_MEMORY_MAX) as copy:
        if isinstance(source, str | Path):
            with Path(source).open("rb") as stream:
                sha256 = _copy_checked(stream, copy, bytes_max)
        else:
            sha256 = _copy_checked(source, copy, bytes_max)
        copy.seek(0)
        # Universal newlines: CRLF, LF and CR all end a line.
        text = io.TextIOWrapper(copy, encoding="utf-8-sig", newline=None)
        try:
            yield text, sha256
        finally:
            text.detach()


def _copy_checked(stream: ByteStream, copy: IO[bytes], bytes_max: int) -> str:
    digest, decoder, size = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")(), 0
    while chunk := stream.read(_CHUNK):
        if size == 0 and chunk.startswith(_OTHER_ENCODINGS):
            raise OrderFileEncoding("the file is not UTF-8 text; save it as CSV UTF-8", field="file")
        size += len(chunk)
        if size > bytes_max:
            raise OrderFileTooLarge("the file is too large for one import", field="file", bytes_max=bytes_max)
        _check_text(chunk, decoder)
        digest.update(chunk)
        copy.write(chunk)
    _check_text(b"", decoder, final=True)
    return digest.hexdigest()


def _check_text(chunk: bytes, decoder: codecs.IncrementalDecoder, *, final: bool = False) -> None:
    if b"\0" in chunk:
        raise OrderFileNotCsv("the file is not text; an order file is a CSV file", field="file")
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        raise OrderFileEncoding("the file is not UTF-8 text; save it as CSV UTF-8", field="file") from error
