"""``make bench ROOM=seal``: ours, the physical limit and a peer, per CPU-second of one core.

The limit is AES-256-GCM of the same contacts and nothing else: with a key an order (what shredding costs)
and with one key for all. The peer is Fernet, the usual choice of Python shops: one blob, one key, no
associated data, no index, no key id.
"""

import base64
import hashlib
import io
import os
from collections.abc import Callable
from time import thread_time
from typing import Final

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from waybillguard.keys import Argon2Params, FileHolder, RootKey, new_epoch, unwrap_epoch
from waybillguard.keys.primitives import argon2id
from waybillguard.seal import Contact, Sealer, SealInput, TenantKeys, open_contact, open_stream, seal_stream
from waybillguard.seal.contact import encode_contact

ORDERS: Final = 20_000
BATCH: Final = 5_000
_DAY: Final = 20781
_MIB: Final = 1 << 20

type Row = dict[str, str | float]


def run(orders: int = ORDERS, rounds: int = 5) -> list[Row]:
    """Measure and return rows of name, value, unit, note; the best of ``rounds`` counts."""
    holder = FileHolder(RootKey(os.urandom(32)))
    epoch = unwrap_epoch(holder, new_epoch(holder, tenant="bench", day=_DAY, epoch_id=1))
    keys = TenantKeys.derive(holder, "bench")
    inputs = made_up_orders(orders)
    plain = [encode_contact(order.contact) for order in inputs if order.contact is not None]
    sealer = Sealer(epoch, 1, keys)
    batches = [inputs[at : at + BATCH] for at in range(0, orders, BATCH)]
    sealed = [one for batch in batches for one in sealer.seal_many(batch)]
    record_keys, nonce, aad = [os.urandom(32) for _ in plain], bytes(12), bytes(59)
    one_key, fernet = AESGCM(epoch), Fernet(base64.urlsafe_b64encode(epoch))
    tickets = [(os.urandom(16), 1) for _ in range(orders)]

    def rate(work: Callable[[], object]) -> float:
        return orders / _best(work, rounds)

    def open_all() -> None:
        for order, one in zip(inputs, sealed, strict=True):
            open_contact(
                one.blob,
                epoch=epoch,
                salt=one.salt,
                tenant="bench",
                order_uid=order.order_uid,
                shop=order.shop,
            )

    ours = seal_rate(inputs, rounds)
    floor = rate(
        lambda: [AESGCM(key).encrypt(nonce, text, aad) for key, text in zip(record_keys, plain, strict=True)]
    )
    peer = rate(lambda: [fernet.encrypt(text) for text in plain])
    per_second = "orders/CPU-s"
    return [
        _row("seal with all tokens", ours, per_second, "blob, salt, 4 indexes, person token, decoy tag"),
        _row(
            "limit: AES-GCM, a key an order",
            floor,
            per_second,
            f"ours takes {floor / ours:.1f} times as long",
        ),
        _row(
            "limit: AES-GCM, one key",
            rate(lambda: [one_key.encrypt(nonce, text, aad) for text in plain]),
            per_second,
            "cannot be shredded order by order",
        ),
        _row(
            "peer: Fernet, no index",
            peer,
            per_second,
            f"ours is {ours / peer:.2f} times as fast with indexes",
        ),
        _row("open", rate(open_all), per_second, "one call an order"),
        _row("size of a sealed contact", _mean([len(one.blob) for one in sealed]), "bytes", "mean"),
        _row(
            "size of the same by Fernet",
            _mean([len(fernet.encrypt(text)) for text in plain[:100]]),
            "bytes",
            "mean",
        ),
        _row(
            "sealed references",
            rate(lambda: keys.references.seal_many(tickets, key_id=1)),
            "references/CPU-s",
            "48 bytes as 72 base45 characters",
        ),
        *_files(epoch, rounds),
        _row("unlock a key file", _unlock(), "CPU-s", "Argon2id, default cost"),
    ]


def _files(key: bytes, rounds: int) -> list[Row]:
    data = os.urandom(16 * _MIB)
    pieces = [data[at : at + 65536] for at in range(0, len(data), 65536)]
    sealed = b"".join(seal_stream(key, pieces))

    def open_all() -> None:
        for _ in open_stream(key, io.BytesIO(sealed)):
            pass

    def seal_all() -> None:
        for _ in seal_stream(key, pieces):
            pass

    return [
        _row("seal a file", 16 / _best(seal_all, rounds), "MiB/CPU-s", "64 KiB chunks"),
        _row("open a file", 16 / _best(open_all, rounds), "MiB/CPU-s", "every chunk verified first"),
    ]


def _unlock() -> float:
    start = thread_time()
    argon2id("bench passphrase", bytes(16), Argon2Params())
    return thread_time() - start


def seal_rate(orders: list[SealInput], rounds: int = 5) -> float:
    """Return orders a CPU-second: sealed with all tokens, a batch at a time, the best of ``rounds``."""
    holder = FileHolder(RootKey(os.urandom(32)))
    epoch = unwrap_epoch(holder, new_epoch(holder, tenant="bench", day=_DAY, epoch_id=1))
    sealer = Sealer(epoch, 1, TenantKeys.derive(holder, "bench"))

    def seal_all() -> None:
        for at in range(0, len(orders), BATCH):
            sealer.seal_many(orders[at : at + BATCH])

    return len(orders) / _best(seal_all, rounds)


def made_up_orders(count: int) -> list[SealInput]:
    """Made-up orders with contacts of the usual length."""
    made: list[SealInput] = []
    for number in range(count):
        uid = hashlib.blake2b(number.to_bytes(8), digest_size=16).digest()
        phone = f"1380{number:07d}"
        detail = f"测试街道虚构路{number % 900}号测试小区{number % 30}幢2单元{number % 20}01室"
        contact = Contact("测试人甲", phone, (phone,), "", "", "测试街道", detail, "请放门口", "测试商品")
        shop = f"测试店铺{number % 7}"
        made.append(SealInput(uid, contact, shop, _DAY, f"2411200{number:012d}", f"YT{number:013d}"))
    return made


def _best(work: Callable[[], object], rounds: int) -> float:
    times: list[float] = []
    for _ in range(rounds):
        start = thread_time()
        work()
        times.append(thread_time() - start)
    return min(times)


def _mean(values: list[int]) -> float:
    return sum(values) / len(values)


def _row(name: str, value: float, unit: str, note: str) -> Row:
    return {"name": name, "value": round(value, 3 if value < 10 else 0), "unit": unit, "note": note}


if __name__ == "__main__":
    for row in run():
        print(f"{row['name']:34} {row['value']:>12,} {row['unit']:18} {row['note']}")
