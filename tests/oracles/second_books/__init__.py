"""A second set of books for tests: the same arithmetic written once more, from the rules and in fractions.

It shares no code with the product, knows none of its names but those of the published inputs, and is
written for being read beside the rules, not for speed.
"""
