"""Read order exports, names, phones and addresses, and mask them.

Promise: what cannot be read is refused by name and never dropped; what is already masked is never
"repaired"; a part of an address that is not understood is hidden.
"""
