"""Merchants: whose orders the warehouse handles, and the wall inside which a merchant's person looks."""
