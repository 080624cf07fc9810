"""Devices: enrolment, signed requests, and enrolled browsers identified by a cookie."""
