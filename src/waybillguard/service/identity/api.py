"""What the identity application adds to the machine API."""

from waybillguard.service.identity.devices.api import router

ROUTERS = (router,)
