"""A loan, slow and plain, beside the one of the product: nothing here imports the product.

Everything is computed again from the first day, day by day, in exact fractions of whole minor units. Read it
beside the rules; a difference from the product is a fault in one of the two.
"""
