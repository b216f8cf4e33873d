"""Changes of a running plan: every change makes a new version, and no row that fell due is lost."""
