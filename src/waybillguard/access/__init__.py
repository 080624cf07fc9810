"""Policies, decisions and quotas: who may do what, when, on which device.

Not built yet; its promise: nobody who left, nobody unknown, nobody too much.
"""
