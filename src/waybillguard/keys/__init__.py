"""Primitives, the key hierarchy and the holders of the root key.

Promise: no key at rest in the clear, no nonce used twice, every ciphertext names its key.
"""
