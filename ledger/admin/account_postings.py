"""The postings that a balance consists of, with the fact, the command and the person behind each.

Owns: the tables of the page and its turning. Refuses to know: how postings are found (``ledger.account_postings``).
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest

from config.admin import formatting, links
from config.admin.event_words import event_words
from config.admin.formatting import moment as moment_text
from config.admin.sections import Column, Table
from ledger.account_postings import PostingShown, Question, Statement, account_statement, read_cursor
from ledger.admin.journal import FIGURES
from ledger.admin.moments import Asked
from ledger.admin.trial_balance import on_normal_side
from ledger.record_models import POSITION_BITS

ROWS: Final = 100
CURSOR_MARK: Final = "~"
TOTALS: Final = (
    "currency",
    Column("opening", is_figure=True),
    *FIGURES,
    Column("closing", is_figure=True),
)
COLUMNS: Final = (
    "posted", "value date", "entry", "cause", *FIGURES, Column("balance", is_figure=True),
    "loan", "product", "command and actor", "key", "recorded at",
)  # fmt: skip


def statement_page(request: HttpRequest, account: str, asked: Asked) -> list[dict[str, Any]]:
    """Return the totals and a page of postings. Refuses KnownAtInFuture, Busy."""
    question = Question(
        account=account,
        moment=asked.moment,
        start=asked.start,
        product_code=asked.product_code,
        **asked.owners,
    )
    found = account_statement(question, limit=ROWS, after=_after(request))
    rows = [_line(request, posting, account) for posting in found.postings]
    table = Table(COLUMNS, rows, more=_more(found, asked), more_text="Next page")
    return [
        {"title": "Totals", "table": Table(TOTALS, [_total(account, total) for total in found.totals])},
        {"title": "Postings", "table": table},
    ]


def _total(account: str, total: Any) -> list[str]:
    return [
        total.currency,
        on_normal_side(total.opening_minor, account=account, currency=total.currency),
        formatting.amount_text(total.debit_minor, total.currency),
        formatting.amount_text(total.credit_minor, total.currency),
        on_normal_side(total.closing_minor, account=account, currency=total.currency),
    ]


def _line(request: HttpRequest, posting: PostingShown, account: str) -> list[Any]:
    place = f"{posting.shard}/{posting.pos}"
    key = (posting.shard << POSITION_BITS) + posting.pos
    amount = formatting.amount_text(abs(posting.signed_minor), posting.currency)
    sides = (amount, "") if posting.signed_minor > 0 else ("", amount)
    cause = f"{event_words(posting.topic)}, {posting.key}" if posting.key else event_words(posting.topic)
    loan = links.permitted_link(request, links.LOAN, posting.loan_id) if posting.loan_id else ""
    version = f" v{posting.product_version}" if posting.product_version else ""
    return [
        posting.posting_date,
        posting.value_date,
        links.permitted_link(request, links.ENTRY, key, place),
        links.permitted_link(request, links.EVENT, key, cause),
        *sides,
        on_normal_side(posting.balance_minor, account=account, currency=posting.currency),
        loan,
        f"{posting.product_code}{version}",
        f"{formatting.words(posting.command)} by {posting.actor}",
        formatting.code(posting.command_key),
        moment_text(posting.recorded_at),
    ]


def _more(found: Statement, asked: Asked) -> str:
    if not found.more:
        return ""
    return f"?{asked.query(after=CURSOR_MARK.join(found.postings[-1].cursor))}"


def _after(request: HttpRequest) -> list[str] | None:
    text = request.GET.get("after", "")
    try:
        return read_cursor(text.split(CURSOR_MARK)) if text else None
    except ValueError:
        return None
