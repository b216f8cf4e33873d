"""The ways an order file is refused as a whole, before any line of it is judged.

Owns: one named refusal per defect of the file.
Refuses to know: lines; a file that passes is taken line by line, and each line is taken or refused.
"""

from __future__ import annotations

from ledger.kernel.refusals import Refusal, RefusalKind


class OrderFileEmpty(Refusal):
    """The file has no order lines."""

    code = "LENDING_ORDER_FILE_EMPTY"
    kind = RefusalKind.INVALID


class OrderFileColumnsMissing(Refusal):
    """The header does not name every column that is needed."""

    code = "LENDING_ORDER_FILE_COLUMNS_MISSING"
    kind = RefusalKind.INVALID


class OrderFileColumnsRepeated(Refusal):
    """The header names a column twice, so its value would be ambiguous."""

    code = "LENDING_ORDER_FILE_COLUMNS_REPEATED"
    kind = RefusalKind.INVALID


class OrderFileEncoding(Refusal):
    """The file is not UTF-8 text."""

    code = "LENDING_ORDER_FILE_ENCODING"
    kind = RefusalKind.INVALID


class OrderFileNotCsv(Refusal):
    """The file is not text at all."""

    code = "LENDING_ORDER_FILE_NOT_CSV"
    kind = RefusalKind.INVALID


class OrderFileTooLarge(Refusal):
    """The file is larger than one import may be."""

    code = "LENDING_ORDER_FILE_TOO_LARGE"
    kind = RefusalKind.TOO_LARGE
