"""Test helpers with real components: a PostgreSQL server, the running service, a person who signs in."""
