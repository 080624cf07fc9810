"""Routers of the identity application for the machine API."""

from waybillguard.service.identity.devices.api import router

ROUTERS = (router,)
