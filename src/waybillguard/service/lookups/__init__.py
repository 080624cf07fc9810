"""Lookups of plaintext: authorize, count against the quota, write to the ledger, show once."""
