"""Endpoints that answer a question: one thing, or a page of a list.

Owns: the order in which a request is judged (caller, role, query string) and that answers are not cached.
Refuses to know: any query; an endpoint built on these names one. Those that write stand in ``writing``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from config.api.pagination import PageQuery, Pages
from config.api.schema import EndpointSchema
from config.api.serializers import StrictSerializer
from config.api.viewer import Viewer, viewer_of


class NoQuery(StrictSerializer):
    """A query string without parameters."""


class Endpoint(APIView):
    """What every endpoint has: roles per method, and a query string that is read strictly.

    ``asked`` holds the parameters of the query string, Django's ``kwargs`` those of the path.
    """

    schema = EndpointSchema()
    http_method_names = ["get", "head", "post"]
    roles: ClassVar[Mapping[str, frozenset[str]]] = {}
    query: ClassVar[type[StrictSerializer]] = NoQuery
    write_query: ClassVar[type[StrictSerializer]] = NoQuery
    asked: dict[str, Any]

    @property
    def viewer(self) -> Viewer:
        """Return the caller."""
        return viewer_of(self.request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Judge the caller and the role first, then the query string; each parameter is given once."""
        super().initial(request, *args, **kwargs)
        given = {name: _once(values) for name, values in request.query_params.lists()}
        serializer = (self.write_query if request.method == "POST" else self.query)(data=given)
        serializer.is_valid(raise_exception=True)
        self.asked = serializer.validated_data

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep answers out of caches: they are one caller's, and of this moment."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def shown(self, serializer: type[Serializer[Any]], value: Any, *, many: bool = False) -> Any:
        """Return what the caller may see of a value."""
        return serializer(value, many=many, context={"viewer": self.viewer}).data


class AnswerEndpoint(Endpoint):
    """GET answers one thing."""

    shape: ClassVar[type[Serializer[Any]]]

    def find(self) -> Any:
        """Return what is asked for, if the caller may see it; raises NotFound."""
        raise NotImplementedError

    def get(self, request: Request, **path: Any) -> Response:
        """Answer."""
        del request, path
        return Response(self.shown(self.shape, self.find()))


class ListEndpoint(Endpoint):
    """GET answers a page of rows."""

    pagination_class = Pages
    query = PageQuery
    ordering: ClassVar[tuple[str, ...]] = ("id",)
    row: ClassVar[type[Serializer[Any]]]

    def rows(self) -> QuerySet[Any]:
        """Return the rows that the caller may see; raises NotFound."""
        raise NotImplementedError

    def completed(self, rows: list[Any]) -> list[Any]:
        """Return the rows of a page with what belongs to them."""
        return rows

    def get(self, request: Request, **path: Any) -> Response:
        """Answer one page."""
        del path
        pages = Pages()
        found = pages.page(self.rows(), ordering=self.ordering, asked=self.asked, request=request)
        return pages.get_paginated_response(self.shown(self.row, self.completed(found), many=True))


def _once(values: list[Any]) -> Any:
    """Return the one value of a parameter; several are left together, and no field takes a list."""
    return values[0] if len(values) == 1 else values
