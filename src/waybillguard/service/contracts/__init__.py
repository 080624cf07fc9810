"""Contracts of entrusted processing (委托处理合同) with merchants: their terms, and how they end."""
