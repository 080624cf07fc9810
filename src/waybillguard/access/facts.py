"""Convert a request into Cedar entities and context.

The stable facts (person, sign-in, device, place, shift) become an entity that is parsed once and cached. The facts
that are new in each request (purpose, order, quota, second person) become a small context.
"""

from typing import Final

import msgspec

from waybillguard.access.request import Request

_LONG = 1 << 63
_SECOND_STRENGTHS = ("none", "no_plaintext")

type Standing = tuple[object, ...]

_LATER_FACTS: Final = ("home_site",)
"""Attributes of a person that earlier schema versions do not define. A stored book is evaluated with its own schema,
and the engine refuses an entity with an attribute that the schema does not define."""


class MalformedRequestError(ValueError):
    """A field has a type that the schema does not allow; ``decide`` returns a denial for it."""


def entity_cache_key(request: Request) -> Standing:
    """Return a hashable cache key of the values that ``standing_json`` uses; equal keys give equal entities.

    Raises:
        MalformedRequestError: ``at`` has no time zone, or a flag is not a bool (0 equals False, so it would match
            the cached answer of another request).
    """
    at, person, sign_in, device, shift = (
        request.at,
        request.person,
        request.sign_in,
        request.device,
        request.shift,
    )
    if at.tzinfo is None:
        raise MalformedRequestError
    for flag in (
        person.temp,
        person.identity_checked,
        person.asleep,
        sign_in.stepped_up,
        sign_in.shared,
        device.enrolled,
        device.restricted,
        device.remote_control,
        request.place.print_room,
        shift.on,
        shift.overtime,
        shift.sale_day,
        shift.working_day,
    ):
        if flag is not True and flag is not False:
            raise MalformedRequestError
    return (
        person,
        sign_in,
        device,
        request.place,
        shift,
        request.tenant,
        person.employed(at),
        person.days_here(at.date()),
        at.hour,
    )


def unknown_facts(schema: str) -> frozenset[str]:
    """Return the attributes of a person that a stored book's schema does not define."""
    return frozenset(name for name in _LATER_FACTS if f"{name}:" not in schema)


def standing_json(request: Request, without: frozenset[str] = frozenset()) -> str:
    """Return the entities of the request as Cedar JSON: one person, who is a member of one role.

    ``without`` are the attributes to leave out (``unknown_facts``).
    """
    person, device, place, shift, sign_in = (
        request.person,
        request.device,
        request.place,
        request.shift,
        request.sign_in,
    )
    attributes = {
        "tenant": _entity("Tenant", person.tenant),
        "role": person.role,
        "employed": person.employed(request.at),
        "days_here": person.days_here(request.at.date()),
        "temp": person.temp,
        "ends": person.employed_to is not None,
        "agency": person.agency,
        "identity_checked": person.identity_checked,
        "home_station": person.home_station,
        "home_site": person.home_site,
        "merchants": list(person.merchants),
        "asleep": person.asleep,
        "no_plaintext": person.restriction != "none",
        "locked": person.restriction not in _SECOND_STRENGTHS,
        "sign_in": {"method": sign_in.method, "stepped_up": sign_in.stepped_up, "shared": sign_in.shared},
        "device": {
            "id": device.id,
            "tenant": device.tenant,
            "kind": device.kind,
            # a device enrolled at another warehouse counts as unknown
            "enrolled": device.enrolled and device.id != "" and device.tenant == request.tenant,
            "restricted": device.restricted,
            "remote_control": device.remote_control,
        },
        "place": {"site": place.site, "station": place.station, "print_room": place.print_room},
        "shift": {
            "on": shift.on,
            "overtime": shift.overtime,
            "sale_day": shift.sale_day,
            "working_day": shift.working_day,
            "hour": request.at.hour,
        },
    }
    return msgspec.json.encode(
        [
            {
                "uid": {"type": "Person", "id": person.id},
                "attrs": {name: value for name, value in attributes.items() if name not in without},
                "parents": [{"type": "Role", "id": person.role}],
            }
        ]
    ).decode()


def ask_json(request: Request) -> str:
    """Return the context of the request as Cedar JSON.

    Raises:
        MalformedRequestError: a value has the wrong type for its field. The engine would not report it:
            comparing a string with a number is false there, not an error.
    """
    ask: dict[str, object] = {
        "purpose": _text(request.purpose),
        "records": _count(request.records),
        "form": _text(request.form),
        "recipient": _text(request.recipient),
        "virtual_printer": _flag(request.virtual_printer),
    }
    order = request.order
    if order is not None:
        ask["order"] = {
            "tenant": _entity("Tenant", _text(order.tenant)),
            "merchant": _text(order.merchant),
            "closed": _flag(order.closed),
            "lane": _text(order.lane),
        }
    quota = request.quota
    if quota is not None:
        ask["quota"] = {"left": _count(quota.left), "frozen": _flag(quota.frozen)}
    second = request.second
    if second is not None:
        ask["second"] = {
            "tenant": _entity("Tenant", _text(second.tenant)),
            "role": _text(second.role),
            "same_person": _text(second.id) in {"", request.person.id},
            "employed": _flag(second.employed),
            "agreed": _flag(second.agreed),
        }
    return msgspec.json.encode(ask).decode()


def _entity(kind: str, identifier: str) -> dict[str, dict[str, str]]:
    return {"__entity": {"type": kind, "id": identifier}}


def _text(value: object) -> str:
    if type(value) is not str:
        raise MalformedRequestError
    return value


def _flag(value: object) -> bool:
    if type(value) is not bool:
        raise MalformedRequestError
    return value


def _count(value: object) -> int:
    if type(value) is not int or not -_LONG <= value < _LONG:
        raise MalformedRequestError
    return value
