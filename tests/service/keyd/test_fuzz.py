"""keyd's protocol by its structure: whatever is sent, keyd answers or closes, tells nothing, lives, and gives places back.

Bodies are drawn from the types of each request with a fixed seed, so a failure comes again: fields of the right type
with hostile values, of a wrong type, missing, too many, giant. Frames are cut, held, lied about.
"""

import logging
import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support.grants import FOUNDER
from support.keyd_inside import TENANT, Vault, entries

from waybillguard.ledger import EntryKind, LocalStorage
from waybillguard.service.keyd import callers, messages, server
from waybillguard.service.keyd.callers import Caller, Callers, caller_key
from waybillguard.service.keyd.keeper import Keeper
from waybillguard.service.keyd.timestamping import Timestamping
from waybillguard.service.keyd.witnesses import Witnesses

LENGTH = struct.Struct(">I")
SECRET = bytes(range(32))
EACH = 25
CANARIES = [part.encode() for n in range(3) for part in (f"测试{n}", f"199{n:08}", f"不存在路{n}号")]
REQUESTS = sorted(callers.ALL, key=lambda request: request.__name__)


class Scene:
    """A key process behind a real socket, with three sealed orders whose contacts must never come out."""

    def __init__(self, folder: Path) -> None:
        self.vault = Vault(folder)
        self.vault.desk.enrol(TENANT, FOUNDER)
        self.orders = self.vault.seal(3)
        self.path = folder / "s"
        keys = self.vault.keyd.ledger._keys
        self.keeper = Keeper(
            LocalStorage(folder / "ledger"), keys, Witnesses(folder / "w"), Timestamping(folder / "t", folder / "r"),
            lambda _: self.vault.ask, self.vault.ask,
        )  # fmt: skip
        self.keeper._ledger, self.keeper._work = self.vault.keyd.ledger, self.vault.ask
        self.server = server.KeydServer(self.path, self.keeper.handle, Callers(SECRET))
        self.open: list[socket.socket] = []
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        epoch, order = self.orders[0]
        upload = self.vault.ask(messages.NewDataKey(TENANT, "import"))
        # What a thief has seen: sealed things, his own spent grant, and one of nobody's.
        self.bytes = [
            b"", b"\0", bytes(16), bytes(32), order.order_uid, order.salt, order.blob, epoch.wrapped, upload.wrapped,
            bytes(100_000), self.vault.desk.session("elsewhere", FOUNDER),
        ]  # fmt: skip

    def connect(self) -> socket.socket:
        made = socket.socket(socket.AF_UNIX)
        made.settimeout(20)
        made.connect(str(self.path))
        self.open.append(made)
        return made

    def known(self, caller: Caller = Caller.SUPERVISOR) -> socket.socket:
        one = self.connect()
        assert say(one, messages.Hello(caller.value, caller_key(SECRET, caller)))[:1] == b"\0"
        return one


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = Scene(tmp_path_factory.mktemp("fuzz"))
    yield made
    made.server.shutdown()
    made.server.server_close()
    made.vault.keyd.ledger.close()


@pytest.fixture(autouse=True)
def unharmed(scene: Scene) -> Iterator[None]:
    """Check after each test that keyd answers a valid request, opened and destroyed nothing, and freed all places."""
    yield
    while scene.open:
        scene.open.pop().close()
    with scene.known() as one:
        assert b"healthy" in say(one, messages.Status())
    for kind in (EntryKind.REVEAL, EntryKind.EXPORT, EntryKind.SHRED):
        assert entries(scene.vault, kind) == []
    assert not scene.vault.keyd.shredded.lines
    deadline = time.monotonic() + 20
    while scene.server._places:
        assert time.monotonic() < deadline, scene.server._places
        time.sleep(0.01)


def say(one: socket.socket, request: messages.Request | bytes) -> bytes:
    """Send a frame and return the answer; empty: the connection was closed."""
    payload = request if isinstance(request, bytes) else msgspec.msgpack.encode(request)
    try:
        one.sendall(LENGTH.pack(len(payload)) + payload)
    except ConnectionError:
        return b""
    return hear(one)


def hear(one: socket.socket) -> bytes:
    try:
        head = one.recv(4, socket.MSG_WAITALL)
        return one.recv(LENGTH.unpack(head)[0], socket.MSG_WAITALL) if head else b""
    except ConnectionError:
        return b""


class Wild:
    """Generates values of a type, and values of other types.

    Args:
        seed: of the draws.
        seen: bytes that a thief has seen.
    """

    def __init__(self, seed: str, seen: list[bytes]) -> None:
        self.draw = random.Random(seed)
        self._seen = seen

    def body(self, request: type[messages.Request]) -> dict[str, Any]:
        """Return the body of a request, most often with an error in it."""
        made = {"type": request.__struct_config__.tag, **self._fields(msgspec.inspect.type_info(request))}
        if self.draw.random() < 0.1:
            made.pop(self.draw.choice(list(made)))
        if self.draw.random() < 0.1:
            made["unknown"] = nested(self.draw.choice([1, 30]))
        return made

    def _fields(self, struct: Any) -> dict[str, Any]:
        return {one.encode_name: self.value(one.type) for one in struct.fields}

    def value(self, kind: Any) -> Any:  # noqa: C901, PLR0911, PLR0912 - one case for each kind of type
        """Return a value of a type, one in twelve of another type."""
        if self.draw.random() < 1 / 12:
            return self.draw.choice([
                None, True, -1, 2**64 - 1, -(2**63), 1.5, float("nan"), "", "x" * 70_000, bytes(70_000), [], {}, [[]],
                {"a": 1}, nested(30), msgspec.msgpack.Ext(5, b"x"),
            ])  # fmt: skip
        match kind:
            case msgspec.inspect.StructType():
                fields = self._fields(kind)
                if kind.array_like:
                    return list(fields.values())[: self.draw.choice([None, None, None, 1])]
                return fields
            case msgspec.inspect.UnionType():
                return self.value(self.draw.choice(kind.types))
            case msgspec.inspect.ListType() | msgspec.inspect.VarTupleType():
                return [self.value(kind.item_type) for _ in range(self.draw.choice([0, 1, 1, 2, 40]))]
            case msgspec.inspect.TupleType():
                return [self.value(one) for one in kind.item_types]
            case msgspec.inspect.DictType():
                return {self._word(): self.value(kind.value_type) for _ in range(self.draw.choice([0, 1, 5]))}
            case msgspec.inspect.BytesType():
                seen = bytearray(self.draw.choice(self._seen))
                if seen and self.draw.random() < 0.3:
                    seen[self.draw.randrange(len(seen))] ^= 1
                return bytes(seen)
            case msgspec.inspect.BoolType():
                return self.draw.random() < 0.5
            case msgspec.inspect.IntType():
                return self.draw.choice(
                    [0, 1, 2, -1, 20_000, 2**31, 2**32, 2**53, 2**63 - 1, -(2**63), 2**64 - 1]
                )
            case msgspec.inspect.FloatType():
                return self.draw.choice([0.0, -1.0, 1e308, float("inf"), float("nan")])
            case msgspec.inspect.NoneType():
                return None
            case _:
                return self._word()

    def _word(self) -> str:
        return self.draw.choice([
            "", "here", "here", "elsewhere", "../..", "u0", "u0", "u1", "key-3", "owner", "clerk", "phone", "last4",
            "order", "name", "address", "orders", "day", "tenant", "retention", "undo", "contract_end", "import",
            "after_sales", "web", "web", "sealed", "1", "-1", "9" * 400, "\0", "测" * 300, "x" * 5_000, "{}", "000000",
        ])  # fmt: skip


def nested(depth: int) -> Any:
    made: Any = []
    for _ in range(depth):
        made = [made]
    return made


@pytest.mark.parametrize("request_type", REQUESTS, ids=lambda one: one.__name__)
def test_any_body_of_any_request_is_answered(request_type: type[messages.Request], scene: Scene) -> None:
    wild = Wild(request_type.__name__, scene.bytes)
    one = scene.known()
    for _ in range(EACH):
        answer = say(one, msgspec.msgpack.encode(wild.body(request_type)))
        if not answer:  # a closed connection is a valid answer too
            one = scene.known()
            continue
        assert not any(canary in answer for canary in CANARIES)
        if answer[:1] == b"\xff":
            code = msgspec.msgpack.decode(answer[1:], type=messages.Failure).code
            assert code != "internal", "keyd had no name for what was wrong"
        else:
            assert answer[:1] == b"\0"
        if request_type is messages.Hello:
            one.close()
            one = scene.known()
    one.close()


@pytest.mark.parametrize("payload", [
    b"", b"\xc1", b"\x80", b"\x81\xa4type\xa3No!", b"\x81\xa4type\xc0", b"\x91\x01", b"\xa3abc", b"\x91" * 100_000,
    b"\x81\xa7unknown" + b"\x91" * 100_000, b"\xdf\xff\xff\xff\xff", b"\xdd\xff\xff\xff\xff\x01", b"\xdb\xff\xff\xff\xffx",
    b"\x82\xa4type\xa6Status\xa1x" + b"\x91" * 60_000, b"\x82\xa4type\xa6Derive\xa7purpose\xa2\xff\xfe",
    b"\x82\xa4type\xa6Status\xa1x" + b"\x81\xa1a" * 60_000,
    b"\x82\xa4type\xa6Status\xa4type\xa6Derive", b"\x81\xa4type\xa6Status" + b"\0" * 9, bytes(range(256)),
])  # fmt: skip
def test_what_is_no_request_is_answered_or_its_connection_closed(payload: bytes, scene: Scene) -> None:
    with scene.known() as one:
        answer = say(one, payload)
    assert answer == b"" or answer[:1] == b"\0" or b"bad_request" in answer
    with scene.connect() as stranger:
        answer = say(stranger, payload[:4_000])
    assert (
        answer == b"" or b"bad_request" in answer or b"caller_not_allowed" in answer or b"version" in answer
    )


def test_frames_that_are_cut_or_lie_about_their_length_take_no_place_for_long(scene: Scene) -> None:
    """Two hundred of them, one after the other and forty at a time: each closed by the sender or by keyd."""
    whole = msgspec.msgpack.encode({"type": "Status"})
    draw = random.Random("frames")
    for _ in range(5):
        many = [scene.known() for _ in range(40)]
        for one in many:
            head = LENGTH.pack(
                draw.choice([0, 1, len(whole) - 1, len(whole) + 1, 2**26, 2**26 + 1, 2**32 - 1])
            )
            one.sendall((head + whole)[: draw.randrange(1, 4 + len(whole))])
        for one in many:
            one.close()


def test_no_frame_says_in_the_log_what_it_held(
    scene: Scene, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    wild = Wild("log", scene.bytes)
    for request in (*REQUESTS, messages.Reveal):
        body = {
            **wild.body(request),
            "context": [TENANT, "19912345678", "", "", "", b"x"],
            "value": "19912345678",
        }
        with scene.known() as one:  # a request may end its caller's connection
            assert say(one, msgspec.msgpack.encode(body)), request
    out = capfd.readouterr()
    assert "19912345678" not in caplog.text + out.err + out.out
