"""Benchmarks: one file per question, each answering in ratios measured within one run."""
