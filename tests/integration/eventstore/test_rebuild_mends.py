"""A damaged read model is never replaced silently, and is mended when that is asked for."""

import pytest
from django.db import connection

from ledger.eventstore.rebuilding import NotIdentical, rebuild
from tests.builders.books import assert_books_hold
from tests.builders.sellers import one, seller_with_line


@pytest.fixture
def damaged_line(books):
    seller = seller_with_line()
    seller.borrow(400_000)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE credit_line SET drawn_minor = drawn_minor + 1")
    return seller


class TestADamagedReadModel:
    def test_is_named_and_left_alone_by_a_rebuild(self, damaged_line):
        with pytest.raises(NotIdentical, match="credit_line"):
            rebuild(replace=True)
        assert one("SELECT drawn_minor FROM credit_line") == 400_001

    def test_is_mended_from_the_events_on_request(self, damaged_line):
        proofs = {proof.table: proof for proof in rebuild(replace=True, mend=True)}
        assert (proofs["credit_line"].missing, proofs["credit_line"].surplus) == (1, 1)
        assert one("SELECT drawn_minor FROM credit_line") == 400_000
        assert_books_hold()
