"""The named conventions one loan is agreed on, beyond its amount, rate and term."""
