"""Scam messages: the public check, customer service's check, warning lists, and the buyer's own page.

Buyers know the shop, not the warehouse, and the warehouse usually has no legal basis to write to them. So after a leak
each merchant gets a file with order numbers and a draft notice, tracked until the merchant has notified the buyers.
Buyers' requests are forwarded to the merchant.
"""
