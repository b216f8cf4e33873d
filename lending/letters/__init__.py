"""Letters to a borrower: the contract of a draw, and what pays a loan off."""
