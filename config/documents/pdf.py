"""A paper as a PDF file.

Owns: drawing pages, and a file that is the same byte for byte for the same paper: its date is that of the
books it speaks of, and its identifier follows from its content.
Refuses to know: what the document says.
"""

from __future__ import annotations

from io import BytesIO
from itertools import groupby
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from config.documents.laying_out import Layout, Page
from config.documents.paper import Paper
from config.documents.typesetting import REGULAR, register_fonts


def pdf_of(paper: Paper) -> bytes:
    """Return the file."""
    register_fonts()
    layout = Layout(paper)
    pages = layout.run()
    written = BytesIO()
    size = (layout.width, layout.height)
    canvas = Canvas(written, pagesize=size, invariant=1, pageCompression=1, initialFontName=REGULAR)
    _describe(canvas, paper)
    for page in pages:
        _draw(canvas, page)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def _describe(canvas: Any, paper: Paper) -> None:
    canvas.setTitle(paper.title)
    canvas.setSubject(paper.subtitle)
    canvas.setAuthor("Loanbook")
    canvas.setCreator("Loanbook")
    # The library would write the time of printing; the file's date is that of its data.
    date_text = f"D:{paper.stated_at:%Y%m%d%H%M%S}Z"
    canvas.setDateFormatter(lambda *_now: date_text)


def _draw(canvas: Any, page: Page) -> None:
    for (font, size), texts in groupby(page.texts, key=lambda text: (text.font, text.size)):
        written = canvas.beginText()
        written.setFont(font, size)
        for text in texts:
            written.setTextOrigin(text.x / 1000, text.y)
            written.textOut(text.text)
        canvas.drawText(written)
    for rule in page.rules:
        canvas.setLineWidth(0.8 if rule.is_thick else 0.3)
        canvas.line(rule.x, rule.y, rule.until, rule.y)
