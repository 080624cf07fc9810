"""Keys and invented orders for the tests of the package."""

import pytest

from waybillguard.keys import FileHolder, RootKey
from waybillguard.seal import Contact, SealInput, SenderContact, TenantKeys

EPOCH = bytes(range(64, 96))


@pytest.fixture(scope="session")
def holder() -> FileHolder:
    """A file holder over a fixed root key."""
    return FileHolder(RootKey(bytes(range(32))))


@pytest.fixture(scope="session")
def keys(holder: FileHolder) -> TenantKeys:
    """Keys of tenant w1."""
    return TenantKeys.derive(holder, "w1")


@pytest.fixture(scope="session")
def epoch() -> bytes:
    """A fixed epoch key."""
    return EPOCH


@pytest.fixture(scope="session")
def contact() -> Contact:
    """A made-up contact with every field filled."""
    return Contact(
        name="测试人甲",
        phone="13800000001",
        phones=("13800000001", "0571-00000001"),
        extension="",
        virtual_until="",
        town="测试街道",
        detail="测试街道虚构路1号2幢3单元401室",
        remark="请放门口",
        goods="测试商品",
        sender=SenderContact("测试店铺", "0571-00000002", "测试省测试市虚构路9号"),
    )


@pytest.fixture(scope="session")
def order(contact: Contact) -> SealInput:
    """A made-up order of 2026-11-24."""
    return SealInput(bytes(range(16)), contact, "测试店铺", 20781, "2411200000000001", "YT0000000000001")
