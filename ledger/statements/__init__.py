"""Statements: what an account, a loan or an entity owed or held, and every movement in between."""
