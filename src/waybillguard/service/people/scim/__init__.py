"""SCIM 2.0 (RFC 7643, 7644): a group's directory brings people in and lets them go, without anybody's hands.

It keeps of a person what the warehouse needs (sign-in name, shown name, active) and publishes exactly that. A person who
is made inactive, or taken away, is let go within that request. What a group of the directory may do here is decided
by an owner on a page, never by the directory.
"""
