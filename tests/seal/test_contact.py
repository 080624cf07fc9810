"""The contact group before it is sealed."""

import pytest

from waybillguard.orders.model import OrderRow, Sender
from waybillguard.seal import CannotSealError, Contact, SealedOrder, SealInput, SenderContact
from waybillguard.seal.contact import decode_contact, encode_contact


@pytest.mark.parametrize("show", [repr, str, "{}".format, "%s".__mod__])
def test_nothing_that_carries_a_contact_shows_it(show: object, contact: Contact, order: SealInput) -> None:
    assert callable(show)
    sealed = SealedOrder(*[b"secret"] * 10)
    shown = [show(thing) for thing in (contact, contact.sender, order, sealed)]
    assert shown == ["Contact(…)", "SenderContact(…)", "SealInput(…)", "SealedOrder(…)"]


def test_a_list_of_contacts_shows_nothing_either(contact: Contact) -> None:
    assert repr([contact]) == "[Contact(…)]"


def test_the_length_moves_in_steps_of_32_bytes() -> None:
    sizes = {len(encode_contact(Contact(name="甲", remark="x" * n))) for n in range(100)}
    assert all(size % 32 == 0 for size in sizes)
    assert len(sizes) <= 5


def test_every_padding_length_is_undone() -> None:
    for size in range(80):
        contact = Contact(remark="\0" * size)
        assert decode_contact(encode_contact(contact)) == contact


def test_half_a_surrogate_pair_is_refused_without_quoting_the_field() -> None:
    with pytest.raises(CannotSealError) as caught:
        encode_contact(Contact(name="测试\ud800人"))
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "测试" not in caught.value.zh + caught.value.en


def test_the_contact_of_a_row_takes_all_that_names_or_reaches_a_person() -> None:
    row = OrderRow(
        name="测试人甲",
        phone="13800000001",
        phones=("13800000001",),
        extension="12",
        virtual_until="2026-12-01",
        town="测试街道",
        detail="虚构路1号",
        goods="测试商品",
        remark="请放门口",
        sender=Sender("测试店铺", "13800000002", "甲省", "乙市", "丙区", "", "丁路9号"),
    )
    contact = Contact.from_row(row)
    fields = (contact.name, contact.phone, contact.phones, contact.extension, contact.virtual_until)
    assert fields == ("测试人甲", "13800000001", ("13800000001",), "12", "2026-12-01")
    assert (contact.town, contact.detail, contact.goods) == ("测试街道", "虚构路1号", "测试商品")
    assert contact.remark == "请放门口"
    assert contact.sender == SenderContact("测试店铺", "13800000002", "甲省乙市丙区丁路9号")


def test_a_row_without_a_sender_has_none() -> None:
    assert Contact.from_row(OrderRow(name="测试人甲")).sender is None
