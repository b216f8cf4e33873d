"""Changes the money code in one place at a time and asks whether a test notices: ``make mutate``."""
