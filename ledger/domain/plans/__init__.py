"""Repayment plans by every method: pure arithmetic from terms to rows, one family for all methods."""
