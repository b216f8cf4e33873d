"""Order files: sending one in, and the report of what was taken and refused.

Owns: the view, and tying the request's key to the file's content. Refuses to know: how lines are judged.
An import is many commands and cannot be undone as one, so there is no dry run here.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.urls import reverse
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.access import INTAKE, INTAKE_READERS
from config.api.endpoints import AnswerEndpoint, ListEndpoint
from config.api.fields import CurrencyField, DigitsField, StrictCharField, StrictDateField
from config.api.parsers import check_declared_size
from config.api.serializers import StrictSerializer
from config.api.writing import KEY_HEADER, WriteEndpoint
from ledger.eventstore.processor import execute
from lending import queries
from lending.commands.accept_order_file import AcceptOrderFile
from lending.domain.sales_batch import SAMPLING_FACTOR_MAX
from lending.models import OrderImport
from lending.orders.importing import PLATFORM_DEFAULT, import_orders

Shape = serializers.Serializer[Any]
FORM_BYTES_MAX = 100_000


class OrderFileParser(MultiPartParser):
    """Reads a form with a file, unless it says that it is larger than a file may be."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return the form. Refuses BodyTooLarge."""
        check_declared_size(stream, bytes_max=settings.LOANBOOK_ORDER_FILE_BYTES_MAX + FORM_BYTES_MAX)
        return super().parse(stream, media_type, parser_context)


class OrderImportBody(StrictSerializer):
    """A CSV file of order lines, and how it is to be read."""

    file = serializers.FileField(allow_empty_file=True)
    as_of = StrictDateField(help_text="Lines after this day are refused.")
    currency = CurrencyField(help_text="The currency of lines that name none.")
    platform = StrictCharField(max_length=40, default=PLATFORM_DEFAULT)
    sampling_factor = DigitsField(min_value=1, max_value=SAMPLING_FACTOR_MAX, default=1)


class RefusedLineSerializer(Shape):
    """A line that does not count."""

    number = serializers.IntegerField()
    code = serializers.CharField()
    sentence = serializers.CharField()


class OrderImportSerializer(Shape):
    """What was taken and what was refused; together they are all lines of the file."""

    id = serializers.UUIDField()
    file_name = serializers.CharField()
    file_sha256 = serializers.CharField()
    as_of = serializers.DateField()
    imported_at = serializers.DateTimeField()
    lines = serializers.IntegerField()
    taken = serializers.IntegerField()
    refused = serializers.IntegerField()


class OrderImportDetailSerializer(OrderImportSerializer):
    """An import with every refused line."""

    refusals = RefusedLineSerializer(many=True)


class OrderImports(ListEndpoint, WriteEndpoint):
    """List imports, or send an order file in."""

    roles = {"GET": INTAKE_READERS, "POST": INTAKE}
    parser_classes = [OrderFileParser]
    row = OrderImportSerializer
    body = OrderImportBody
    answer = OrderImportDetailSerializer
    success_status = 201

    def rows(self) -> QuerySet[OrderImport]:
        """Return the imports."""
        return queries.order_imports().defer("refusals")

    def post(self, request: Request) -> Response:
        """Import the file. Refuses KeyReused, BooksNotOpen, ImportDateAhead and what the file refuses."""
        body = self.body(data=request.data)
        body.is_valid(raise_exception=True)
        values = body.validated_data
        file: UploadedFile[Any] = values.pop("file")
        actor = self.viewer.actor
        acceptance = AcceptOrderFile(file_sha256=_sha256(file), **values)
        outcome = execute(acceptance, actor=actor, key=request.headers[KEY_HEADER])
        outcome.value()
        self.replayed = outcome.replayed
        report = import_orders(source=file, file_name=_name(file), actor=actor, **values)
        found = queries.order_import(import_id=report.import_id)
        headers = {"Location": reverse("order-import", args=[found.id])}
        return Response(self.shown(self.answer, found), status=self.success_status, headers=headers)


class OrderImportDetail(AnswerEndpoint):
    """Show one import with every refused line."""

    roles = {"GET": INTAKE_READERS}
    shape = OrderImportDetailSerializer

    def find(self) -> OrderImport:
        """Return the import."""
        return queries.order_import(import_id=self.kwargs["import_id"])


def _sha256(file: UploadedFile[Any]) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _name(file: UploadedFile[Any]) -> str:
    """Return the file's name as it may be stored and shown."""
    name = "".join(character for character in str(file.name or "") if character.isprintable())
    return name[:200] or "orders.csv"
