"""Tenants and their separation: rows, spool files, days, the client of keyd."""
