"""Tenants and what keeps them apart: rows, spool files, days, the way to the key process."""
