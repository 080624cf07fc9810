"""keyd: the only process that holds the keys and writes the ledger."""
