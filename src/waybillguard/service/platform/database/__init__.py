"""Raw SQL, row security, bulk writing, SQLite."""
