"""The project: settings, processes, addresses, and what the API and admin share."""
