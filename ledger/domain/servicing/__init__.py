"""A loan as it stands: one pure function from the terms and the dated facts to every figure about it."""
