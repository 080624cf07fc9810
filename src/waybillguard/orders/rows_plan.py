"""Column numbers of a layout by use, looked up once for all rows of that layout."""

from collections.abc import Mapping
from dataclasses import dataclass

from waybillguard.orders.headers_layout import Layout

type Columns = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ContactPlan:
    """The columns of one party (consignee or sender), best column first."""

    name: Columns
    company: Columns
    phone: Columns
    extension: Columns
    province: Columns
    city: Columns
    district: Columns
    town: Columns
    region: Columns
    address: Columns
    address_more: Columns
    contact: Columns

    def all(self) -> Columns:
        """Return every column of the party."""
        return (
            *self.name,
            *self.company,
            *self.phone,
            *self.province,
            *self.city,
            *self.district,
            *self.town,
            *self.region,
            *self.address,
            *self.address_more,
            *self.contact,
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """The columns of all fields of an order."""

    order_no: Columns
    waybill_no: Columns
    carrier: Columns
    sort_code: Columns
    shop: Columns
    platform: Columns
    created_at: Columns
    goods: Columns
    quantity: Columns
    remark: Columns
    virtual_until: Columns
    consignee: ContactPlan
    sender: ContactPlan
    sender_columns: Columns
    contact_columns: Columns
    header_platform: str


def plan_of(layout: Layout | None) -> Plan:
    """Return the plan of a layout; without a layout, return a plan without columns."""
    columns = layout.columns if layout is not None else {}

    def at(field: str) -> Columns:
        return columns.get(field, ())

    consignee = _party(columns, "")
    sender = _party(columns, "sender_")
    return Plan(
        order_no=at("order_no"),
        waybill_no=at("waybill_no"),
        carrier=at("carrier"),
        sort_code=at("sort_code"),
        shop=at("shop"),
        platform=at("platform"),
        created_at=at("created_at"),
        goods=at("goods"),
        quantity=at("quantity"),
        remark=at("remark"),
        virtual_until=at("virtual_until"),
        consignee=consignee,
        sender=sender,
        sender_columns=sender.all(),
        contact_columns=consignee.all() + sender.all(),
        header_platform=layout.platform if layout is not None else "",
    )


def _party(columns: Mapping[str, Columns], prefix: str) -> ContactPlan:
    def at(field: str) -> Columns:
        return columns.get(prefix + field, ())

    return ContactPlan(
        name=at("name"),
        company=at("company"),
        phone=at("phone") + at("virtual"),
        extension=at("extension"),
        province=at("province"),
        city=at("city"),
        district=at("district"),
        town=at("town"),
        region=at("region"),
        address=at("address"),
        address_more=at("address_more"),
        contact=at("contact"),
    )
