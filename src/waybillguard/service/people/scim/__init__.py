"""SCIM 2.0 (RFC 7643, 7644): a corporate directory adds and offboards people automatically.

The warehouse stores only what it needs of a person (sign-in name, display name, active) and publishes exactly that.
A person who is made inactive or removed loses access within that request. An owner decides on a page what a group
may do here; the directory never does.
"""
