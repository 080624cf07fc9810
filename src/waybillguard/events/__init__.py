"""The table of access events and the small types that rooms share.

Promise: one row a decision, the same columns for every reader (contracts: access events).
"""
