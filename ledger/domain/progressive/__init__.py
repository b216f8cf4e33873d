"""The progressive schedule: equal instalments over a model of interest that follows dated facts."""
