"""Accounts: employment, roles, browsers, what changed and what stands in the ledger about it."""
