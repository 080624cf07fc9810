"""Envelopes, blind indexes, rotation and shredding of order data.

Promise: a sealed order is bound to its tenant, order and field group, and is gone for good when its
salt or its day key is gone.
"""
