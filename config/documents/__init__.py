"""Documents the lender gives out: what stands on one, and the same as PDF or comma-separated text."""
