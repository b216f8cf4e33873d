"""The one fault the embedded cluster raises, always with the way out.

Whatever went wrong, a reader can leave the embedded server behind by naming a server of their own; the
sentence that says so is appended here so that no caller can forget it.
"""

WAY_OUT = "To use a PostgreSQL server of your own instead, set DATABASE_URL."


class EmbeddedPostgresError(RuntimeError):
    """The embedded PostgreSQL server cannot be provided; the message says why and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason.rstrip()} {WAY_OUT}")
