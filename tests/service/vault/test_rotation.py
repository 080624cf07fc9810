"""A rotation in one process: the effect of a batch, what is left alone, concurrent imports."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_scopes import scope
from support.codes import has_code
from support.grants import granting
from support.loading import beside

from waybillguard.orders.model import OrderRow, Status
from waybillguard.service.keyd import messages, rotation_messages
from waybillguard.service.keyd.client import KeydClient, RefusedError
from waybillguard.service.keyd.errors import RequestRefusedError
from waybillguard.service.platform.errors import NotAllowedError, VaultError
from waybillguard.service.print_room.models import Ticket
from waybillguard.service.vault import resealing, rotation, search
from waybillguard.service.vault.epochs import EpochBook
from waybillguard.service.vault.importing import ImportReading
from waybillguard.service.vault.models import (
    Batch,
    Cipher,
    Epoch,
    GramChunk,
    KeyGeneration,
    Order,
    Posting,
    Rotation,
    Salt,
)
from waybillguard.service.vault.search import search_orders
from waybillguard.service.vault.services import commit_import
from waybillguard.service.vault.shred import finish as finish_shredding
from waybillguard.service.vault.shred import scope_of_day, shred, shred_day


@pytest.fixture
def made(warehouse: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The warehouse with a key process in this one; nothing is sealed yet."""
    sealing = beside("sealing")
    operations = sealing.operations(tmp_path / "ledger")
    asked: list[messages.Request] = []
    monkeypatch.setattr(KeydClient, "call", sealing.caller(operations, asked))
    warehouse.asked, warehouse.operations = asked, operations
    with scope(tenant=warehouse.tenant):
        Ticket.objects.all().delete()
        Order.objects.all().delete()
        yield warehouse
    operations._ledger.close()


def row(n: int) -> OrderRow:
    when = (timezone.localtime() - timedelta(days=n % 3)).isoformat(timespec="seconds")
    return OrderRow(
        row=n + 1, status=Status.OK, lane="B", order_no=f"N{n:05}", waybill_no=f"YT{n:05}", shop="轮换店",
        created_at=when, name=f"测试{chr(0x7532 + n)}", phone=f"199{n:08}", phones=(f"199{n:08}",), province="浙江省",
        city="金华市", district="义乌市", detail=f"轮换路{n}号", goods="袜子", quantity="1",
    )  # fmt: skip


def reading(made: Any, numbers: range) -> ImportReading:
    batch = Batch.objects.create(
        tenant=made.tenant, created_by=made.owner, state=Batch.State.READING, kind="csv", label="made"
    )
    read = ImportReading(batch)
    for n in numbers:
        read.take(row(n))
    return read


def let_in(made: Any, read: ImportReading) -> Batch:
    read.finish()
    read.publish(Batch.State.PREVIEW)
    read.batch.refresh_from_db()
    return commit_import(made.owner, read.batch)


def found(made: Any, kind: str, value: str) -> list[str]:
    return sorted(order.order_no for order in search_orders(made.owner, kind, value).orders)


def finish(began: Rotation) -> Rotation:
    while not rotation.work(began):
        began.refresh_from_db()
    began.refresh_from_db()
    return began


def test_everything_lies_under_the_new_keys_and_is_found_as_before(made: Any) -> None:
    let_in(made, reading(made, range(12)))
    while rotation.merge_waiting(made.tenant):
        pass
    before = {bytes(uid): bytes(blob) for uid, blob in Order.objects.values_list("uid", "blob")}
    salts = dict(Salt.objects.values_list("order_uid", "salt"))
    done = finish(rotation.start_rotation(made.owner))
    assert (done.done, done.unopened, done.days_destroyed) == (12, 0, 3)
    assert set(Order.objects.values_list("key_generation", flat=True)) == {2}
    after = {bytes(uid): bytes(blob) for uid, blob in Order.objects.values_list("uid", "blob")}
    assert not set(before.values()) & set(after.values())
    assert not set(salts.values()) & set(dict(Salt.objects.values_list("order_uid", "salt")).values())
    assert set(Epoch.objects.values_list("generation", flat=True)) == {2}
    assert set(Posting.objects.values_list("generation", flat=True)) == {2}
    for kind, value in (("phone", "19900000003"), ("order", "N00003"), ("waybill", "YT00003"),
                        ("address", "轮换路3号"), ("name", row(3).name)):  # fmt: skip
        assert found(made, kind, value) == ["N00003"], kind
    states = dict(KeyGeneration.objects.values_list("number", "state"))
    assert states == {1: "rows", 2: "current"}


def test_a_second_rotation_destroys_the_root_of_the_first(made: Any) -> None:
    let_in(made, reading(made, range(3)))
    finish(rotation.start_rotation(made.owner))
    root = bytes(KeyGeneration.objects.get(number=2).wrapped)
    finish(rotation.start_rotation(made.owner))
    kept = KeyGeneration.objects.get(number=2)
    assert (kept.state, kept.destroyed_at is not None) == ("rows", True)
    assert bytes(kept.wrapped) != root
    again = reading(made, range(3))
    again.finish()
    assert again.counts["known"] == 3, "rows are still recognised through two generations"
    assert found(made, "phone", "19900000001") == ["N00001"]


def test_a_shredded_order_is_found_by_number_to_trace_it_also_after_a_rotation(made: Any) -> None:
    let_in(made, reading(made, range(3)))
    first = Order.objects.get(order_no="N00000")
    for order in Order.objects.all():
        if Epoch.objects.filter(day=order.day).exists():
            finish_shredding(shred_day(made.owner, order.day))
    assert not Epoch.objects.exists(), "no month has a day key any more"
    for _ in range(2):
        numbers = ["n00000", "YT00000", "N99999"]
        assert search.find_numbers(made.owner, numbers) == {"n00000": [], "YT00000": [], "N99999": []}
        traced = search.find_numbers(made.owner, numbers, shredded=True)
        assert traced == {"n00000": [first.pk], "YT00000": [first.pk], "N99999": []}
        finish(rotation.start_rotation(made.owner))
    Order.objects.update(order_index=b"", waybill_index=b"")
    assert search.find_numbers(made.owner, ["N00000"], shredded=True) == {"N00000": []}


def test_the_ledger_says_so_before_each_step(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    let_in(made, reading(made, range(3)))
    entered: list[str] = []
    write = made.operations.write

    def spy(entries: list[Any]) -> Any:
        entered.extend(str(entry.detail["change"]) for entry in entries if "change" in entry.detail)
        return write(entries)

    monkeypatch.setattr(made.operations, "write", spy)
    monkeypatch.setattr(made.operations.roots, "new", lambda *_: pytest.fail("made before it was entered"))
    with pytest.raises(pytest.fail.Exception):
        rotation.start_rotation(made.owner)
    assert entered[-1] == "rotation_begins"


def test_a_full_ledger_stops_it_and_nothing_is_lost(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    let_in(made, reading(made, range(3)))
    began = rotation.start_rotation(made.owner)

    def full(*_: object) -> None:
        raise RefusedError(zh="磁盘已满", en="the disk is full", reason="ledger_stopped")

    with monkeypatch.context() as patched:
        patched.setattr(made.operations, "write", full)
        with pytest.raises(RefusedError):
            rotation.work(began)
    assert set(Order.objects.values_list("key_generation", flat=True)) == {1}
    assert finish(began).done == 3
    assert found(made, "phone", "19900000001") == ["N00001"]


def test_a_chunk_sealed_before_a_rotation_began_is_sealed_anew(made: Any) -> None:
    let_in(made, reading(made, range(3)))
    late = reading(made, range(3, 6))
    late.flush()  # keyd has sealed it; it is not stored yet
    late._sent.sealing.result()  # type: ignore[union-attr]  # it was sent
    began = rotation.start_rotation(made.owner)
    let_in(made, late)
    assert set(Order.objects.filter(batch=late.batch).values_list("key_generation", flat=True)) == {2}
    finish(began)
    assert found(made, "phone", "19900000004") == ["N00004"]
    assert set(GramChunk.objects.values_list("generation", flat=True)) <= {2}


def test_a_search_behind_which_an_import_is_merged_says_that_it_may_miss_orders(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_in(made, reading(made, range(1)))
    look = search.candidates

    def look_then_merge(*asked: Any) -> Any:
        before = look(*asked)
        while rotation.merge_waiting(made.tenant):
            pass
        return before

    monkeypatch.setattr(search, "candidates", look_then_merge)
    result = search_orders(made.owner, "name", row(0).name)
    assert (result.orders, result.indexing) == ([], True)
    assert found(made, "name", row(0).name) == ["N00000"]


def test_a_chunk_whose_day_key_was_destroyed_before_it_was_stored_is_sealed_anew(made: Any) -> None:
    let_in(made, reading(made, range(1)))
    late = reading(made, range(3, 4))
    late.flush()  # keyd has sealed it under the day's first key; it is not stored yet
    late._sent.sealing.result()  # type: ignore[union-attr]  # it was sent
    shred_day(made.owner, Order.objects.get().day)
    let_in(made, late)
    order = Order.objects.get(batch=late.batch)
    assert Epoch.objects.filter(epoch_id=order.epoch_id).exists()
    while rotation.merge_waiting(made.tenant):
        pass
    assert found(made, "name", row(3).name) == ["N00003"], "it opens"


def test_a_preview_whose_day_key_was_destroyed_behind_its_back_is_not_let_in(made: Any) -> None:
    let_in(made, reading(made, range(1)))
    day = Order.objects.get().day
    late = reading(made, range(3, 4))
    bounds = scope_of_day(made.tenant, day)
    late.finish()  # stored after the destroying process has looked, before the key is deleted
    late.publish(Batch.State.PREVIEW)
    shred(made.tenant, messages.Context(tenant=made.tenant.slug, actor="made"), bounds, 1)
    late.batch.refresh_from_db()
    with pytest.raises(VaultError, check=has_code("not_now"), match="never open"):
        commit_import(made.owner, late.batch)
    again = let_in(made, reading(made, range(3, 4)))
    assert Order.objects.filter(batch=again, order_no="N00003").count() == 1


def test_the_same_row_in_two_previews_stands_once_while_keys_rotate(made: Any) -> None:
    let_in(made, reading(made, range(2)))
    first, second = reading(made, range(2, 4)), None
    first.finish()
    first.publish(Batch.State.PREVIEW)
    began = rotation.start_rotation(made.owner)
    second = reading(made, range(2, 5))
    second.finish()
    second.publish(Batch.State.PREVIEW)
    for read in (first, second):
        read.batch.refresh_from_db()
        commit_import(made.owner, read.batch)
    assert Order.objects.count() == 5
    finish(began)
    assert found(made, "phone", "19900000003") == ["N00003"]


def test_what_does_not_open_is_kept_with_its_day_key(made: Any) -> None:
    let_in(made, reading(made, range(3)))
    broken = Order.objects.get(order_no="N00001")
    blob = bytearray(bytes(broken.blob))
    blob[-1] ^= 1
    Order.objects.filter(pk=broken.pk).update(blob=bytes(blob))
    done = finish(rotation.start_rotation(made.owner))
    assert (done.done, done.unopened, done.days_destroyed) == (3, 1, 2)
    kept = Order.objects.get(pk=broken.pk)
    assert bytes(kept.blob) == bytes(blob)
    assert Epoch.objects.filter(epoch_id=kept.epoch_id).exists()
    assert found(made, "order", "N00001") == ["N00001"]


def test_an_order_shredded_meanwhile_stays_shredded(made: Any) -> None:
    from waybillguard.service.vault.shred import finish as finish_shredding
    from waybillguard.service.vault.shred import shred_orders

    let_in(made, reading(made, range(3)))
    began = rotation.start_rotation(made.owner)
    gone = shred_orders(made.owner, Order.objects.filter(order_no="N00001"))
    finish(began)
    finish_shredding(gone)
    order = Order.objects.get(shredded_at__isnull=False)
    assert bytes(order.blob) == b""
    assert not Salt.objects.filter(order_uid=order.uid).exists()
    assert KeyGeneration.objects.get(number=1).state == "kept", "its six-month index lies under the first"
    again = reading(made, range(3))
    again.finish()
    assert again.counts["known"] == 3
    Order.objects.filter(pk=order.pk).update(order_index=b"", waybill_index=b"", row_index=b"")
    context = messages.Context(tenant=made.tenant.slug, actor="retention")
    assert rotation.retire_unused(made.tenant, context) == 1
    assert KeyGeneration.objects.get(number=1).state == "rows"


class Between:
    """Runs a function once, after a batch was read and sealed and before it is written."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
        sealed = resealing.Resealing._sealed

        def then(work: resealing.Resealing, rows: list[tuple[Any, ...]]) -> list[list[Any]]:
            columns = sealed(work, rows)
            if not self.done:
                self.done = True
                act()
            return columns

        self.done = False
        monkeypatch.setattr(resealing.Resealing, "_sealed", then)


def test_an_order_shredded_while_keyd_seals_it_is_not_written_back(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from waybillguard.service.vault.shred import shred_orders

    let_in(made, reading(made, range(4)))
    began = rotation.start_rotation(made.owner)
    between = Between(monkeypatch, lambda: shred_orders(made.owner, Order.objects.filter(order_no="N00001")))
    done = finish(began)
    assert between.done
    assert (done.done, done.unopened) == (3, 0)
    gone = Order.objects.get(shredded_at__isnull=False)
    assert (bytes(gone.blob), bytes(gone.phone_index), gone.key_generation) == (b"", b"", 1)
    assert not Salt.objects.filter(order_uid=gone.uid).exists()
    assert found(made, "phone", "19900000001") == []
    assert found(made, "address", "轮换路2号") == ["N00002"]


def test_a_day_shredded_while_keyd_seals_it_opens_for_nobody(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from waybillguard.service.vault.shred import finish as finish_shredding
    from waybillguard.service.vault.shred import shred_day

    let_in(made, reading(made, range(6)))
    day = Order.objects.get(order_no="N00001").day
    began = rotation.start_rotation(made.owner)
    buried: list[Any] = []
    Between(monkeypatch, lambda: buried.append(shred_day(made.owner, day)))
    finish(began)
    finish_shredding(buried[0])
    assert not Epoch.objects.filter(day=day).exists()
    assert not Order.objects.filter(day=day).exclude(blob=b"").exists()
    assert found(made, "phone", "19900000001") == []
    assert found(made, "phone", "19900000002") == ["N00002"]


def test_a_day_shredded_between_two_waves_does_not_stop_the_rotation(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from waybillguard.service.vault.shred import finish as finish_shredding
    from waybillguard.service.vault.shred import shred_day

    answer = KeydClient.call

    def over_the_socket(client: KeydClient, request: Any, kind: type) -> Any:
        try:
            return answer(client, request, kind)
        except RequestRefusedError as error:
            raise RefusedError(zh=error.zh, en=error.en, reason=error.code) from error

    monkeypatch.setattr(KeydClient, "call", over_the_socket)
    let_in(made, reading(made, range(6)))
    began = rotation.start_rotation(made.owner)
    work = resealing.Resealing(began, rotation._context(began))
    began.wave = 3
    assert work.reseal_batch()
    began.wave = 3
    buried = shred_day(made.owner, Order.objects.get(order_no="N00004").day)
    assert work.reseal_batch()
    assert set(Order.objects.values_list("key_generation", flat=True)) == {2}
    finish_shredding(buried)
    assert not Order.objects.filter(day=buried.day).exclude(blob=b"").exists()
    assert found(made, "phone", "19900000004") == []
    assert found(made, "phone", "19900000005") == ["N00005"]


def test_two_writers_share_the_roots_while_one_forgets_them(made: Any) -> None:
    class Forgetful(EpochBook):
        """Another writer clears the cache as soon as the roots are cached."""

        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, None if name == "_roots" else value)

    assert Forgetful(made.tenant, KeydClient(Path("unused"))).roots() == []


def test_a_waybill_number_given_while_keyd_seals_is_found_afterwards(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_in(made, reading(made, range(4)))
    began = rotation.start_rotation(made.owner)

    def number() -> None:
        order = Order.objects.get(order_no="N00002")
        roots = EpochBook(made.tenant, KeydClient(Path("unused"))).roots()
        query = messages.TokenQuery("waybill", "SF777", [order.day], [])
        context = messages.Context(tenant=made.tenant.slug, actor="made")
        asked = messages.NumberTokens(context=context, queries=[query], roots=roots)
        tokens = KeydClient(Path("unused")).call(asked, messages.TokenAnswer).tokens
        Order.objects.filter(pk=order.pk).update(waybill_no="SF777", waybill_index=tokens[0][0])

    Between(monkeypatch, number)
    done = finish(began)
    assert done.done == 4
    assert set(Order.objects.values_list("key_generation", flat=True)) == {2}
    for kind, value in (("waybill", "SF777"), ("phone", "19900000002"), ("address", "轮换路2号")):
        assert found(made, kind, value) == ["N00002"], kind


def test_an_import_taken_out_while_keyd_seals_it_leaves_nothing(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from waybillguard.service.vault.removal import remove_rows

    let_in(made, reading(made, range(2)))
    second = let_in(made, reading(made, range(2, 4)))
    began = rotation.start_rotation(made.owner)
    Between(monkeypatch, lambda: remove_rows(second))
    assert finish(began).done == 2
    assert (Order.objects.count(), Salt.objects.count()) == (2, 2)
    assert found(made, "address", "轮换路3号") == []


def test_two_workers_at_one_rotation_seal_every_order_once(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_in(made, reading(made, range(4)))
    began = rotation.start_rotation(made.owner)
    other = Rotation.objects.get(pk=began.pk)
    Between(monkeypatch, lambda: rotation.work(other))
    done = finish(began)
    assert (done.done, done.unopened) == (4, 0)
    assert found(made, "address", "轮换路3号") == ["N00003"]


def test_waves_grow_as_long_as_writing_is_quick(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resealing, "MIN_BATCH", 1)
    let_in(made, reading(made, range(9)))
    began = rotation.start_rotation(made.owner)
    Rotation.objects.filter(pk=began.pk).update(wave=1)
    began.refresh_from_db()
    sizes = []
    write = resealing.Resealing._write
    monkeypatch.setattr(
        resealing.Resealing,
        "_write",
        lambda work, rows, sealed: (sizes.append(len(rows)), write(work, rows, sealed)),
    )
    assert finish(began).done == 9
    assert sizes == [1, 4, 4]
    assert Rotation.objects.get(pk=began.pk).wave > 4


@pytest.mark.parametrize("suite", [Cipher.AES_256_GCM_SIV, Cipher.SM4_GCM_SM3])
def test_a_rotation_changes_the_cipher_of_the_warehouse(suite: Cipher, made: Any) -> None:
    let_in(made, reading(made, range(3)))
    finish(rotation.start_rotation(made.owner, suite))
    let_in(made, reading(made, range(3, 5)))
    assert {bytes(blob)[2] for blob in Order.objects.values_list("blob", flat=True)} == {suite}
    assert found(made, "address", "轮换路1号") == ["N00001"], "keyd opens it to test the fragment"
    while rotation.merge_waiting(made.tenant):
        pass
    assert found(made, "address", "轮换路4号") == ["N00004"]
    finish(rotation.start_rotation(made.owner))
    assert {bytes(blob)[2] for blob in Order.objects.values_list("blob", flat=True)} == {suite}, "it stays"
    finish(rotation.start_rotation(made.owner, Cipher.AES_256_GCM))
    assert {bytes(blob)[2] for blob in Order.objects.values_list("blob", flat=True)} == {1}


def test_a_rotation_under_way_keeps_its_cipher(made: Any) -> None:
    let_in(made, reading(made, range(1)))
    began = rotation.start_rotation(made.owner, Cipher.SM4_GCM_SM3)
    with pytest.raises(VaultError, check=has_code("not_now")):
        rotation.start_rotation(made.owner, Cipher.AES_256_GCM_SIV)
    assert rotation.start_rotation(made.owner).pk == began.pk
    assert rotation.start_rotation(made.owner, Cipher.SM4_GCM_SM3).pk == began.pk


def test_keyd_seals_with_no_cipher_that_it_does_not_know(made: Any) -> None:
    here = messages.Context(tenant=made.tenant.slug, actor="made")
    request = rotation_messages.NewIndexRoot(context=here, generation=2, suite=9)
    with pytest.raises(RequestRefusedError, match="cipher"):
        granting(made.operations)(request)


def test_only_an_owner_rotates_and_twice_is_one_rotation(made: Any) -> None:
    with pytest.raises(NotAllowedError):
        rotation.start_rotation(made.clerk)
    let_in(made, reading(made, range(1)))
    assert rotation.start_rotation(made.owner).pk == rotation.start_rotation(made.owner).pk


def test_a_missing_generation_is_refused(made: Any) -> None:
    with pytest.raises(RequestRefusedError):
        made.operations.tenant_keys("here", [messages.IndexRoot(1), messages.IndexRoot(3, bytes(40))])
    with pytest.raises(RequestRefusedError):
        made.operations.tenant_keys("here", [messages.IndexRoot(1, rows=True)])


def test_a_database_that_goes_in_the_middle_of_a_chunk_leaves_no_order_without_its_salt(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from waybillguard.service.vault import importing

    store = importing.insert_rows

    def gone(model: Any, *rest: Any) -> None:
        if model is Salt:
            raise OperationalError("server closed the connection unexpectedly")
        store(model, *rest)

    broken = reading(made, range(5))
    with monkeypatch.context() as patched:
        patched.setattr(importing, "insert_rows", gone)
        with pytest.raises(OperationalError):
            broken.finish()
    assert (Order.objects.count(), Salt.objects.count()) == (0, 0)


def test_a_full_disk_in_a_rotation_leaves_every_order_under_one_whole_set_of_keys(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_in(made, reading(made, range(5)))
    began = rotation.start_rotation(made.owner)

    def full(model: Any, *_: Any) -> None:
        if model is Salt:
            raise OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(resealing, "update_rows", full)
        with pytest.raises(OperationalError):
            rotation.work(began)
    assert set(Order.objects.values_list("key_generation", flat=True)) == {1}
    assert finish(began).unopened == 0
    assert found(made, "address", "轮换路4号") == ["N00004"]


def test_a_rotation_is_announced_outside_any_transaction(
    made: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    around, depths, before = len(connection.savepoint_ids), [], KeydClient.call

    def call(client: KeydClient, request: messages.Request, answer: type) -> Any:
        if isinstance(request, rotation_messages.NewIndexRoot):
            depths.append(len(connection.savepoint_ids))
        return before(client, request, answer)

    monkeypatch.setattr(KeydClient, "call", call)
    rotation.start_rotation(made.owner)
    assert depths == [around]


def test_keys_that_were_rotated_while_the_root_was_made_are_not_rotated_again(
    made: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = KeydClient.call

    def call(client: KeydClient, request: messages.Request, answer: type) -> Any:
        done = before(client, request, answer)
        if isinstance(request, rotation_messages.NewIndexRoot):
            monkeypatch.setattr(KeydClient, "call", before)
            other = rotation.start_rotation(made.owner)
            while not rotation.work(other):
                pass
        return done

    monkeypatch.setattr(KeydClient, "call", call)
    with pytest.raises(VaultError, check=has_code("not_now")):
        rotation.start_rotation(made.owner)
    assert Rotation.objects.count() == 1
