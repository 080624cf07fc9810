"""Labels of states, lanes and reasons, each with an icon and a tone, so that colour is never the only sign."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

CONTRACT_ENDED = "contract_ended"
"""Rejection code of an order row, followed by a colon and the merchant's number."""


@dataclass(frozen=True, slots=True)
class Word:
    """A label, the icon beside it and the tone (``good``, ``calm``, ``busy``, ``warn``, ``bad``)."""

    label: Any  # a lazy translation
    icon: str
    tone: str


LANES = {
    "A": Word(_("Platform ciphertext"), "shopping-bag", "lane-a"),
    "B": Word(_("Sealed here"), "shield-lock", "lane-b"),
    "C": Word(_("Plaintext"), "eye", "lane-c"),
}

LANE_PROMISES = {
    "A": _(
        "The platform prints its own encrypted waybill. We hold order and waybill number, shop and day, and what the file "
        "shows masked; never a whole name, phone or address. The platform answers for the label's content."
    ),
    "B": _(
        "Sealed in this vault and printed as a masked label. No plaintext reaches the print room, "
        "and every label is checked before it leaves."
    ),
    "C": _(
        "Came in readable although the platform issues encrypted waybills. It is counted and watched. "
        "Printed here it moves to lane B; better, have the platform print it in lane A."
    ),
}

ORDER_STATES = {
    "awaiting_shipment": Word(_("To ship"), "package", "calm"),
    "in_transit": Word(_("On the way"), "truck-delivery", "busy"),
    "at_pickup_point": Word(_("At pick-up point"), "building-warehouse", "busy"),
    "delivery_failed": Word(_("Delivery failed"), "alert-triangle", "warn"),
    "exception": Word(_("Problem"), "alert-triangle", "warn"),
    "lost": Word(_("Lost"), "package-off", "bad"),
    "delivered": Word(_("Delivered"), "circle-check", "good"),
    "returned": Word(_("Returned"), "arrow-back-up", "calm"),
}

BATCH_STATES = {
    "waiting": Word(_("Waiting"), "hourglass", "calm"),
    "no_room": Word(_("Waiting for room on the disk"), "hourglass", "warn"),
    "reading": Word(_("Reading"), "loader-2", "busy"),
    "preview": Word(_("To be confirmed"), "eye", "warn"),
    "committed": Word(_("In the vault"), "circle-check", "good"),
    "undone": Word(_("Undone"), "arrow-back-up", "calm"),
    "failed": Word(_("Failed"), "circle-x", "bad"),
}

RUN_STATES = {
    "waiting": Word(_("Waiting"), "hourglass", "calm"),
    "drawing": Word(_("Drawing"), "loader-2", "busy"),
    "ready": Word(pgettext_lazy("labels", "Ready"), "circle-check", "good"),
    "failed": Word(_("Failed"), "circle-x", "bad"),
    "interrupted": Word(_("Interrupted"), "player-pause", "warn"),
    "station": Word(_("At a station"), "printer", "good"),
}

EXPORT_STATES = {
    "asked": Word(_("Waits for a second person"), "hourglass", "warn"),
    "agreed": Word(_("Agreed"), "circle-check", "calm"),
    "making": Word(_("Being made"), "loader-2", "busy"),
    "ready": Word(_("Ready"), "circle-check", "good"),
    "refused": Word(_("Refused"), "ban", "bad"),
    "withdrawn": Word(_("Withdrawn"), "arrow-back-up", "calm"),
    "failed": Word(_("Failed"), "circle-x", "bad"),
    "expired": Word(_("Shredded"), "x", "calm"),
}

ENTRUSTMENT_STANDINGS = {
    "coming": Word(_("Not begun"), "clock", "calm"),
    "running": Word(_("Running"), "circle-check", "good"),
    "ending": Word(_("Ends within 30 days"), "hourglass", "warn"),
    "returning": Word(_("Being returned"), "download", "busy"),
    "destroying": Word(_("Being destroyed"), "loader-2", "busy"),
    "held": Word(_("Stopped by a legal hold"), "lock", "warn"),
    "over": Word(_("Ended, orders still here"), "alert-circle", "bad"),
    "closed": Word(_("Closed"), "archive", "calm"),
}

END_STATES = {
    "refused": Word(_("Refused"), "ban", "bad"),
    "withdrawn": Word(_("Withdrawn"), "arrow-back-up", "calm"),
    "replaced": Word(_("Replaced by another end"), "arrow-back-up", "calm"),
    "done": Word(_("Destroyed, certified"), "certificate", "good"),
}

TICKET_STATES = {
    "issued": Word(_("Being drawn"), "loader-2", "busy"),
    "printed": Word(_("Label made"), "printer", "good"),
    "refused": Word(_("Refused by the check"), "ban", "bad"),
    "leased": Word(_("Printing"), "loader-2", "busy"),
    "sent": Word(pgettext_lazy("label", "Printed"), "printer", "good"),
    "confirmed": Word(pgettext_lazy("label", "Printed"), "circle-check", "good"),
    "uncertain": Word(pgettext_lazy("label", "Print again"), "refresh", "warn"),
    "void": Word(_("Void"), "x", "calm"),
}

PRINTED = {
    True: Word(pgettext_lazy("label", "Printed"), "printer", "good"),
    False: Word(pgettext_lazy("label", "Not printed"), "clock", "calm"),
}

REASONS = {
    "no_phone": _("There is no phone number."),
    "bad_phone": _("The phone number is not a valid one."),
    "phone_precision_lost": _(
        "Excel shortened the phone number (as in 1.38E+10). Format the column as text and export again."
    ),
    "no_name": _("There is no consignee."),
    "no_address": _("There is no address."),
    "duplicate": _("Every cell equals an earlier row."),
    "formula_in_field": _("A contact field holds a formula."),
    "division_conflict": _("Province, city and district contradict each other."),
    "swapped_columns": _("Columns seem to be swapped, for example name and phone."),
    "column_count": _("The row has more or fewer cells than the header."),
    "several_orders": _("More than one order stands in one text. Enter each by itself."),
}


def reason(code: str) -> Any:  # noqa: ANN401 - a lazy translation
    """Return the text for a rejection code; an unknown code is returned unchanged."""
    kind, _colon, merchant = code.partition(":")
    if kind == CONTRACT_ENDED:
        text = gettext("The contract with merchant no. %(merchant)s has ended: no more orders are taken in.")
        return text % {"merchant": merchant}
    return REASONS.get(code, code)


def account(name: str) -> str:
    """Return the display name of an account; actors that are not people (carrier, buyer, guest) have fixed names."""
    kind, _colon, rest = name.partition(":")
    if kind == "carrier" and rest:
        return gettext("Carrier's interface %(name)s") % {"name": rest}
    if kind == "room" and rest:
        return gettext("Guest of the case room")
    return gettext("Buyer") if name == "buyer" else name


def station(name: str) -> str:
    """Return the display name of a station; the console, unnamed browsers and the town's pages have fixed names."""
    if name == "console":
        return gettext("This console")
    if name.startswith("browser-"):
        return gettext("Browser %(mark)s") % {"mark": name.removeprefix("browser-")}
    if name.partition(":")[0] in {"town", "special", "photo", "joint"}:
        return gettext("Town centre")
    return name
