"""Real parts for the tests: a PostgreSQL server, the running service, a person who signs in."""
