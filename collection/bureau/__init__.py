"""The credit bureau: snapshots of loans by month, and the file they are sent in."""
