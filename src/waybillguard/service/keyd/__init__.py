"""The process that alone holds the keys and writes the ledger."""
