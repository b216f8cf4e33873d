"""Endpoints that answer with a document: as JSON, as comma-separated text, or as a PDF file.

Owns: which of the three is wanted (``?format=`` before the Accept header), file names, and that errors stay
problem details in JSON whatever was wanted. Refuses to know: what a document says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Final

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.exceptions import NotAcceptable
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.endpoints import Endpoint
from config.api.fields import StrictChoiceField
from config.api.schema import EndpointSchema
from config.api.serializers import StrictSerializer
from config.documents.comma import csv_of, value_rows
from config.documents.paper import Paper

FORMATS: Final = ("json", "csv", "pdf")
CSV_TYPE, PDF_TYPE = "text/csv", "application/pdf"
MEDIA_TYPES: Final = {"application/json": "json", CSV_TYPE: "csv", PDF_TYPE: "pdf"}


class DocumentQuery(StrictSerializer):
    """The form of the answer; without it the Accept header decides, and JSON is the default."""

    format = StrictChoiceField(choices=FORMATS, required=False)


class DocumentSchema(EndpointSchema):
    """Describes an answer that has three forms."""

    def _success(self) -> dict[Any, Any]:
        file = OpenApiResponse(OpenApiTypes.BINARY, description="The document as a file.")
        return {
            (200, "application/json"): self.view.shape,
            (200, CSV_TYPE): OpenApiResponse(OpenApiTypes.STR, description="The document as rows."),
            (200, PDF_TYPE): file,
        }


class DocumentEndpoint(Endpoint):
    """GET answers one document."""

    schema = DocumentSchema()
    query = DocumentQuery
    shape: ClassVar[type[serializers.Serializer[Any]]]
    wanted = "json"

    def find(self) -> Any:
        """Return what the document is about, if the caller may see it; raises NotFound."""
        raise NotImplementedError

    def values(self, found: Any) -> dict[str, Any]:
        """Return the answer as JSON values."""
        raise NotImplementedError

    def paper(self, found: Any) -> Paper:
        """Return what stands on the document."""
        raise NotImplementedError

    def csv_rows(self, found: Any) -> Iterable[Sequence[object]]:
        """Return the document as rows; by default its values, name by name."""
        return value_rows(self.values(found))

    def file_name(self, found: Any) -> str:
        """Return the name of the file without its ending."""
        raise NotImplementedError

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Note what is wanted; what goes through REST framework, errors included, is JSON."""
        self.wanted = request.query_params.get("format") or self._accepted(request, force=force)
        return JSONRenderer(), "application/json"

    def get(self, request: Request, **path: Any) -> HttpResponse:
        """Answer in the form that is wanted."""
        del request, path
        found = self.find()
        if self.wanted == "csv":
            return self._file(found, csv_of(self.csv_rows(found)), f"{CSV_TYPE}; charset=utf-8")
        if self.wanted == "pdf":
            # Not at the head: a process that is never asked for a PDF does not load what draws it.
            from config.documents.pdf import pdf_of

            return self._file(found, pdf_of(self.paper(found)), PDF_TYPE)
        return Response(self.values(found), headers={"Vary": "Accept"})

    def _file(self, found: Any, content: bytes, media_type: str) -> HttpResponse:
        name = f'inline; filename="{self.file_name(found)}.{self.wanted}"'
        return HttpResponse(
            content, content_type=media_type, headers={"Content-Disposition": name, "Vary": "Accept"}
        )

    def _accepted(self, request: Request, *, force: bool) -> str:
        chosen = request.get_preferred_type([*MEDIA_TYPES])
        if chosen is None and not force:
            raise NotAcceptable
        return MEDIA_TYPES[chosen] if chosen else "json"
