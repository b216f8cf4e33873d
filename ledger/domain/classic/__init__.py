"""The classic schedule: flat or declining interest, fixed once when the loan is made."""
