"""Database helpers: raw SQL, row security, bulk writes, and the SQLite backend."""
