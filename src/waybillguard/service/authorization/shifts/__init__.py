"""Overtime that somebody granted, and sale days that an owner declared: each with an end, each can be withdrawn."""
