"""Remote-control programs and print taps: live, hardening, evidence.

Not built yet; its promise: findings rest on facts with a file and a record behind each.
"""
