"""Machine API of inspections: start one, follow its progress, read its result."""

from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from waybillguard.service.authorization.bearer import person_of
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.inspections import services
from waybillguard.service.inspections.models import Inspection
from waybillguard.service.platform.errors import not_allowed
from waybillguard.service.platform.rates import Rate
from waybillguard.service.platform.schemas import listed

router = Router()


class InspectionOut(Schema):
    """An inspection; ``inspection`` is the whole result (docs: inspections), null until it is done."""

    id: int
    state: Annotated[str, listed(Inspection.State.values)]
    done: int
    total: int
    inspection: dict[str, Any] | None


@router.post("/inspections", response={202: InspectionOut}, throttle=[Rate("inspections", "10/m")])
def create_inspection(request: HttpRequest) -> tuple[int, dict[str, Any]]:
    """Start an inspection of the caller's warehouse, or return the one that is going on."""
    return 202, _shown(services.start(_asker(request, Permission.LEAD)))


@router.get("/inspections/{inspection_id}", response=InspectionOut)
def get_inspection(request: HttpRequest, inspection_id: int) -> dict[str, Any]:
    """Tell where an inspection stands, and its result."""
    tenant = tenant_of(_asker(request, Permission.LEDGER))
    return _shown(get_object_or_404(Inspection, pk=inspection_id, tenant=tenant))


def _asker(request: HttpRequest, permission: Permission) -> User:
    user = person_of(request)
    if not user.may(permission):
        raise not_allowed()
    return user


def _shown(row: Inspection) -> dict[str, Any]:
    result = msgspec.json.decode(bytes(row.result)) if row.state == Inspection.State.DONE else None
    return {"id": row.pk, "state": row.state, "done": row.done, "total": row.total, "inspection": result}


ROUTERS = (router,)
