"""Scam messages: the public check, customer service's check, warning lists, and the buyer's own page.

The buyer knows the shop, not the warehouse, and the warehouse usually has no standing to write to her. So a leak becomes
one file with a draft for each merchant, tracked until he has told his customers; her requests are passed on to him.
"""
