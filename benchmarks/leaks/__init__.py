"""Tracing on worlds of other laws, beside an oracle, and on a large log (docs: rooms/trace)."""
