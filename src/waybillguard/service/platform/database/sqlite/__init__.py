"""SQLite as a Django database whose writers queue: see ``base``."""
