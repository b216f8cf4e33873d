"""The postings of an account: a statement, and the explanation of a balance.

Owns: the view, its parameters and the shape of its answer. Refuses to know: how postings are found.
"""

from __future__ import annotations

from typing import Any, Final

from rest_framework import serializers
from rest_framework.utils.urls import replace_query_param

from config.api.access import BOOKS
from config.api.endpoints import AnswerEndpoint
from config.api.fields import DigitsField, MoneyText, StrictCharField, StrictUUIDField
from config.api.pagination import ROWS_DEFAULT, ROWS_MAX, CursorField
from config.api.refusals import CursorInvalid
from ledger.account_postings import Question, account_statement, read_cursor
from ledger.api.moments import MomentSerializer, PeriodQuery, moment_of, shown_moment
from ledger.domain.chart_of_accounts import CHART
from ledger.eventstore.unit_of_work import NotFound
from ledger.policies.product_terms import CODE_LENGTH_MAX

Shape = serializers.Serializer[Any]
OWNERS: Final = ("loan_id", "settlement_account_id", "entity_id", "product_code")


class PostingsQuery(PeriodQuery):
    """Narrows the statement to a period, and to what belongs to one loan, account, entity or product."""

    loan_id = StrictUUIDField(required=False)
    settlement_account_id = StrictUUIDField(required=False)
    entity_id = StrictUUIDField(required=False)
    product_code = StrictCharField(required=False, max_length=CODE_LENGTH_MAX)
    limit = DigitsField(min_value=1, max_value=ROWS_MAX, default=ROWS_DEFAULT)
    cursor = CursorField(required=False)


class AccountTotalSerializer(Shape):
    """A currency of the statement; balances are debits less credits."""

    currency = serializers.CharField()
    opening = MoneyText(source="opening_minor")
    debit = MoneyText(source="debit_minor")
    credit = MoneyText(source="credit_minor")
    closing = MoneyText(source="closing_minor")


class AccountPostingSerializer(Shape):
    """A posting and what it comes from; ``amount`` is positive for a debit, ``balance`` is the sum up to here.

    A row of accrual has line 0 and its ``accrual`` key: it is a part of a line that is posted in a sum.
    """

    posting_date = serializers.DateField()
    value_date = serializers.DateField()
    shard = serializers.IntegerField()
    position = serializers.IntegerField(source="pos")
    line_no = serializers.IntegerField()
    accrual = serializers.CharField(source="key")
    account = serializers.CharField()
    currency = serializers.CharField()
    amount = MoneyText(source="signed_minor")
    balance = MoneyText(source="balance_minor")
    entity_id = serializers.UUIDField(allow_null=True)
    loan_id = serializers.UUIDField(allow_null=True)
    settlement_account_id = serializers.UUIDField(allow_null=True)
    product_code = serializers.CharField()
    product_version = serializers.IntegerField(allow_null=True)
    topic = serializers.CharField()
    originator_id = serializers.UUIDField()
    originator_version = serializers.IntegerField()
    recorded_at = serializers.DateTimeField()
    command = serializers.CharField()
    actor = serializers.CharField()
    command_key = serializers.CharField()


class AccountStatementSerializer(MomentSerializer):
    """The totals by currency, and a page of the postings they consist of."""

    account = serializers.CharField()
    account_name = serializers.CharField()
    totals = AccountTotalSerializer(many=True)
    results = AccountPostingSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class AccountPostings(AnswerEndpoint):
    """Show the postings that an account's balance consists of, sub-accounts included."""

    roles = {"GET": BOOKS}
    query = PostingsQuery
    shape = AccountStatementSerializer

    def find(self) -> dict[str, Any]:
        """Return the statement; raises NotFound for an account that is not in the chart."""
        code, asked = self.kwargs["code"], self.asked
        if code not in CHART:
            raise NotFound("There is no such account in the chart.", field="code")
        moment = moment_of(asked)
        owners = {name: asked.get(name) for name in OWNERS}
        question = Question(account=code, moment=moment, start=asked.get("from"), **owners)
        found = account_statement(question, limit=asked["limit"], after=_after(asked.get("cursor")))
        link = None
        if found.more:
            cursor = CursorField().to_representation(found.postings[-1].cursor)
            link = replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)
        return {
            **shown_moment(moment),
            "account": code,
            "account_name": CHART[code].name,
            "totals": found.totals,
            "results": found.postings,
            "next": link,
        }


def _after(cursor: list[Any] | None) -> list[str] | None:
    if cursor is None:
        return None
    try:
        return read_cursor(cursor)
    except ValueError as error:
        raise CursorInvalid("This cursor was not given out for this list.", field="cursor") from error
