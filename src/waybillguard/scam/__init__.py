"""Messages to buyers: what they claim and whether it is true.

Not built yet; its promise: missing facts never make a message safe.
"""
