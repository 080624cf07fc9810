"""Merchants and what their people may see."""
