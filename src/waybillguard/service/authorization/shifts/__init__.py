"""Overtime and sale days: granted by another person or declared by an owner, with an end, and withdrawable."""
