"""What a loan costs a year, by each method that a law or a market uses."""
