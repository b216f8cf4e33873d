"""The books as files that other accounting software reads."""
