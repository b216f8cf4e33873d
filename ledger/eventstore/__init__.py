"""The only door for writes: commands in, events, journal and read models out, in one commit."""
