"""Devices: enrolment, signatures, browsers known by a cookie."""
