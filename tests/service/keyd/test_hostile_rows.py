"""Whatever happens to a row of the database, keyd says so in words of the project and opens nothing of another's.

Rows are altered as whoever owns the database can: bits flipped, cut, lengthened, swapped between orders, days and
tenants, set back to another version or suite. The record format itself is tested in ``tests/seal``.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.grants import granting, unlimited
from support.loading import beside

from waybillguard.errors import WaybillGuardError
from waybillguard.seal import Contact, SealInput
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.operations import Operations

DAYS = (20_783, 20_784)
TENANTS = ("w1", "w2")
PERSONS = [Contact(name=f"测试{n}甲", phone=f"1990000000{n}", detail=f"断电路{n}号") for n in range(8)]
QUICK = settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Row(NamedTuple):
    """An order as stored in the database, and its owner."""

    tenant: str
    epoch: messages.WrappedEpoch
    order: messages.SealedRef
    person: Contact


class Vault(NamedTuple):
    keyd: Operations
    rows: list[Row]


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    keyd = beside("sealing").operations(tmp_path_factory.mktemp("hostile") / "ledger")
    unlimited(keyd)
    rows: list[Row] = []
    for tenant in TENANTS:
        for number, day in enumerate(DAYS, 1):
            epoch = keyd.handle(messages.NewEpoch(tenant=tenant, epoch_id=number, day=day))
            persons = PERSONS[len(rows) : len(rows) + 2]
            given_rows = [
                SealInput(
                    order_uid=bytes([len(rows) + n]) * 16,
                    contact=person,
                    shop="某店",
                    day=day,
                    order_no=f"R{n}",
                )
                for n, person in enumerate(persons)
            ]
            sealed = keyd.handle(messages.SealBatch(tenant=tenant, epochs=[epoch], rows=given_rows)).rows
            rows += [
                Row(
                    tenant, epoch,
                    messages.SealedRef(
                        row.order_uid, number, one.salt, one.blob, "浙江省", "金华市", "义乌市", day, row.shop
                    ),
                    person,
                )
                for row, one, person in zip(given_rows, sealed, persons, strict=True)
            ]  # fmt: skip
    yield Vault(keyd, rows)
    keyd._ledger.close()


def look(keyd: Operations, row: Row, group: str = "phone") -> messages.Revealed:
    answer: Any = granting(keyd)(
        messages.Reveal(
            context=messages.Context(tenant=row.tenant, actor="u1", purpose="after_sales"), epoch=row.epoch,
            order=row.order, group=group, policies=["p"], policy_version="1",
        )
    )  # fmt: skip
    return answer


def refused(keyd: Operations, row: Row, group: str = "phone") -> None:
    """Assert that a look opens nothing and the error names no person."""
    with pytest.raises(WaybillGuardError) as refusal:
        look(keyd, row, group)
    said = f"{refusal.value.zh}{refusal.value.en}{refusal.value!r}"
    assert refusal.value.zh
    assert refusal.value.en
    for person in PERSONS:
        assert person.name not in said
        assert person.phone not in said


def test_an_untouched_row_opens(vault: Vault) -> None:
    for row in vault.rows:
        assert look(vault.keyd, row).phone == row.person.phone


@QUICK
@given(st.data())
def test_damaged_bytes_open_nothing(vault: Vault, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(vault.rows))
    where = data.draw(st.sampled_from(["blob", "salt", "order_uid", "wrapped"]))
    kept: bytes = row.epoch.wrapped if where == "wrapped" else getattr(row.order, where)
    how = data.draw(st.sampled_from(["bit", "cut", "more", "noise", "nothing"]))
    if how == "bit":
        at = data.draw(st.integers(0, len(kept) * 8 - 1))
        made = bytearray(kept)
        made[at // 8] ^= 1 << at % 8
        changed = bytes(made)
    elif how == "cut":
        changed = kept[: data.draw(st.integers(0, len(kept) - 1))]
    elif how == "more":
        changed = kept + data.draw(st.binary(min_size=1, max_size=40))
    else:
        changed = data.draw(st.binary(max_size=80)) if how == "noise" else b""
    if changed == kept:
        return
    if where == "wrapped":
        row = row._replace(epoch=msgspec.structs.replace(row.epoch, wrapped=changed))
    else:
        row = row._replace(order=msgspec.structs.replace(row.order, **{where: changed}))
    refused(vault.keyd, row, data.draw(st.sampled_from(["phone", "address"])))


@QUICK
@given(st.data())
def test_what_belongs_to_another_row_day_or_tenant_opens_nothing(vault: Vault, data: st.DataObject) -> None:
    mine, other = data.draw(st.lists(st.sampled_from(vault.rows), min_size=2, max_size=2, unique_by=id))
    parts = data.draw(
        st.lists(
            st.sampled_from(["tenant", "epoch", "order_uid", "salt", "blob", "epoch_id"]), min_size=1, max_size=5,
            unique=True,
        )
    )  # fmt: skip
    row = mine
    for part in parts:
        if part in {"tenant", "epoch"}:
            row = row._replace(**{part: getattr(other, part)})
        else:
            row = row._replace(order=msgspec.structs.replace(row.order, **{part: getattr(other.order, part)}))
    genuine = [
        one
        for one in vault.rows
        if (one.tenant, one.epoch, one.order.epoch_id, one.order.order_uid, one.order.salt, one.order.blob)
        == (row.tenant, row.epoch, row.order.epoch_id, row.order.order_uid, row.order.salt, row.order.blob)
    ]
    if genuine:
        assert look(vault.keyd, row).phone == genuine[0].person.phone
    else:
        refused(vault.keyd, row)


@QUICK
@given(at=st.sampled_from([0, 1]), value=st.integers(0, 255), number=st.integers(0, 7))
def test_another_version_or_suite_opens_nothing(vault: Vault, at: int, value: int, number: int) -> None:
    row = vault.rows[number]
    blob = bytearray(row.order.blob)
    if blob[at] == value:
        return
    blob[at] = value
    refused(vault.keyd, row._replace(order=msgspec.structs.replace(row.order, blob=bytes(blob))))


@QUICK
@given(st.integers(-1, 2**40), st.integers(-5, 2**40))
def test_a_day_or_number_that_is_not_the_keys_opens_nothing(vault: Vault, epoch_id: int, day: int) -> None:
    row = vault.rows[0]
    epoch = msgspec.structs.replace(row.epoch, epoch_id=epoch_id, day=day)
    if epoch == row.epoch:
        return
    row = row._replace(epoch=epoch, order=msgspec.structs.replace(row.order, epoch_id=epoch_id))
    refused(vault.keyd, row)


@QUICK
@given(st.data())
def test_a_wrapped_index_root_that_was_touched_makes_no_token(vault: Vault, data: st.DataObject) -> None:
    made: Any = vault.keyd.handle(messages.NewDataKey(tenant="w1", what="import"))
    kept = bytearray(made.wrapped)
    kept[data.draw(st.integers(0, len(kept) - 1))] ^= data.draw(st.integers(1, 255))
    tenant = data.draw(st.sampled_from(TENANTS))
    with pytest.raises(WaybillGuardError):
        vault.keyd.handle(messages.OpenDataKey(messages.Context(tenant, "u1"), bytes(kept), "import"))
    with pytest.raises(WaybillGuardError):
        vault.keyd.handle(messages.OpenDataKey(messages.Context("w2", "u1"), made.wrapped, "import"))
