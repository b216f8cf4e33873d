"""The demonstration: a seeded world of sellers, some months of business days at full speed, and the proofs.

Owns: who acts when. Refuses to know: any rule of lending; everything it does to the books is a command,
and every figure it prints is read from the books.
"""
