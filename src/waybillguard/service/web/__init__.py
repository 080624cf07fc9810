"""The console: its pages, static files, words and navigation."""
