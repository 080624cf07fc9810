"""Models and services of people, browsers, devices, badges, sites, merchants and machine keys; no pages."""
