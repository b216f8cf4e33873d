"""The world that the tests of the API share."""

from __future__ import annotations

import pytest

from tests.api.callers import build_world


@pytest.fixture
def world(books):
    """Two sellers and a caller of every kind, inside the test's transaction."""
    return build_world()
