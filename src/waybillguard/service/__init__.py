"""Django: people, vault, printing, pages, API, tasks and processes.

Promise: it owns the database, the network and the clock, and joins the rooms; keys stay in keyd.
"""
