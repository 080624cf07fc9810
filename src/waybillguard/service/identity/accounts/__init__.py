"""Accounts: employment, roles, second factors, browsers, and the history of changes in the ledger."""
