"""The bank's statement beside the books: reading a file, reading the journal, telling what differs."""
