"""Contracts of entrusted processing (委托处理合同): whose orders are handled, on which terms, and how that ends."""
