"""keyd's socket: allowed users, number of connections, size of frames, and time limit of incomplete frames."""

import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from support.keyd import until

from waybillguard.service.keyd import callers, enrolling, messages, plans, rolling, server
from waybillguard.service.keyd.callers import Caller, Callers, caller_key
from waybillguard.service.keyd.shredlog import ShredLog

SECRET = bytes(range(32))
LENGTH = struct.Struct(">I")


class Served:
    """A server in this process that answers every accepted request with "done"."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.server = server.KeydServer(path, lambda _request: messages.Done(), Callers(SECRET))
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def connect(self) -> socket.socket:
        made = socket.socket(socket.AF_UNIX)
        made.settimeout(20)
        made.connect(str(self.path))
        return made


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path / "s")
    yield made
    made.server.shutdown()
    made.server.server_close()


def say(one: socket.socket, request: messages.Request) -> bytes:
    """Send a request and return the answer; empty if the connection was closed."""
    payload = msgspec.msgpack.encode(request)
    one.sendall(LENGTH.pack(len(payload)) + payload)
    return hear(one)


def hear(one: socket.socket) -> bytes:
    try:
        head = one.recv(4, socket.MSG_WAITALL)
        return one.recv(LENGTH.unpack(head)[0], socket.MSG_WAITALL) if head else b""
    except ConnectionError:
        return b""


def hello(caller: Caller, key: str = "") -> messages.Hello:
    return messages.Hello(caller.value, key or caller_key(SECRET, caller))


def test_a_known_caller_asks_its_own_work_and_nothing_else(served: Served) -> None:
    with served.connect() as one:
        say(one, hello(Caller.WEB))
        assert say(one, messages.NewDataKey("here"))[:1] == b"\x00"
        assert b"caller_not_allowed" in say(one, ShredLog())
        assert b"caller_not_allowed" in say(one, messages.Derive("tls"))


@pytest.mark.parametrize("false", ["0" * 64, "测" * 64, "0"])
def test_a_false_key_takes_away_what_a_true_one_gave(false: str, served: Served) -> None:
    with served.connect() as one:
        say(one, hello(Caller.WORKER))
        say(one, hello(Caller.SUPERVISOR, false))
        assert b"caller_not_allowed" in say(one, messages.NewDataKey("here"))


def test_a_process_of_another_user_is_not_let_in(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "peer", lambda _connection: (4_000_000, 4_000_000_000))
    with served.connect() as one:
        assert hear(one) == b""


def test_one_process_takes_no_more_than_its_places(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MAX_A_PROCESS", 3)
    held = [served.connect() for _ in range(3)]
    for one in held:
        say(one, hello(Caller.WEB))
    with served.connect() as fourth:
        assert hear(fourth) == b""
    for one in held:
        one.close()


def test_who_has_not_said_who_it_is_may_send_small_frames_alone(served: Served) -> None:
    with served.connect() as one:
        one.sendall(LENGTH.pack(server.MAX_UNKNOWN + 1))
        assert b"too_large" in hear(one)


def test_a_frame_that_drips_is_given_the_time_of_any_other(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "FRAME_S", 0.5)
    dripping = threading.Event()
    with served.connect() as one:
        one.sendall(LENGTH.pack(1_000))

        def drip() -> None:
            try:
                while not dripping.wait(0.05):
                    one.sendall(b"x")
            except OSError:
                return

        threading.Thread(target=drip, daemon=True).start()
        assert b"frame_held" in hear(one), "it was closed, although a byte came every now and then"
        dripping.set()


def test_large_frames_of_all_connections_wait_for_room(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Regression: a hundred connections of one process held 6.4 GB of locked memory."""
    served.server.room = server._FrameMemory(3 << 20)
    monkeypatch.setattr(server, "FRAME_S", 2.0)
    with served.connect() as first, served.connect() as second, served.connect() as small:
        for one in (first, second, small):
            say(one, hello(Caller.SUPERVISOR))
        monkeypatch.setattr(server, "FRAME_S", 60.0)
        first.sendall(LENGTH.pack(2 << 20) + b"x")
        until(lambda: served.server.room._left == 1 << 20)
        monkeypatch.setattr(server, "FRAME_S", 0.2)
        second.sendall(LENGTH.pack(2 << 20))
        assert b"too many large requests" in hear(second)
        assert say(small, plans.ListPlans("here"))[:1] == b"\0"
        monkeypatch.setattr(server, "FRAME_S", 60.0)
        first.sendall(bytes((2 << 20) - 1))
        assert b"bad_request" in hear(first)
    until(lambda: served.server.room._left == 3 << 20)


def test_the_socket_reads_every_request_there_is(served: Served) -> None:
    """Regression: the socket did not decode ``StopDestruction`` and ``ListPlans``, so plans were not visible."""
    with served.connect() as one:
        say(one, hello(Caller.SUPERVISOR))
        assert say(one, plans.ListPlans("here"))[:1] == b"\x00"
        assert say(one, plans.StopDestruction(messages.Context("here", "u1"), b""))[:1] == b"\x00"
    unread = [request for request in callers.ALL if "Invalid value" in read_as(request)]
    assert unread == []


def read_as(request: type[messages.Request]) -> str:
    """Return why the socket does not decode an empty request of this name; empty: it does."""
    try:
        server._decoder.decode(msgspec.msgpack.encode({"type": request.__struct_config__.tag}))
    except msgspec.ValidationError as error:
        return str(error)
    return ""


def test_every_request_is_some_confined_processs_work_or_the_supervisors_alone() -> None:
    confined = {request for caller in (Caller.WEB, Caller.WORKER) for request in callers.ALLOWED[caller]}
    assert callers.ALLOWED[Caller.SUPERVISOR] - confined == {
        ShredLog, messages.Hello, rolling.RenewWrapped, rolling.EndRenewal,
    }  # fmt: skip


def test_the_worker_signs_nobody_in_and_the_web_opens_no_waiting_upload() -> None:
    names = {caller: {request.__name__ for request in asked} for caller, asked in callers.ALLOWED.items()}
    assert not names[Caller.WORKER] & {
        "OpenSession",
        "Reveal",
        "Agree",
        "Propose",
        "SetLimits",
        "SetRole",
        "EnrolTotp",
    }
    assert not names[Caller.WEB] & {"UnwrapText", "SealExport", "ShredLog"}
    upload = messages.OpenDataKey(messages.Context("here", "u1"), b"", "import")
    with pytest.raises(callers.NotAllowedCallerError):
        Callers(SECRET).admit(Caller.WEB, upload)


def test_a_factor_in_place_of_lost_ones_begins_on_the_machine_alone() -> None:
    """Otherwise the web process could make itself an owner without a code, by waiting three days."""
    request = enrolling.ExpectPerson(messages.Context("here", "u0"), "u0", "owner", replacing=True)
    for caller in (Caller.WEB, Caller.WORKER):
        with pytest.raises(callers.NotAllowedCallerError):
            Callers(SECRET).admit(caller, request)
    Callers(SECRET).admit(Caller.SHELL, request)
    Callers(SECRET).admit(Caller.WEB, msgspec.structs.replace(request, replacing=False))


def test_a_place_whose_thread_could_not_begin_is_given_back(
    served: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(server, "MAX_A_PROCESS", 2)
    real = threading.Thread.start

    def no_thread(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    for _ in range(3):
        monkeypatch.setattr(threading.Thread, "start", no_thread)
        with served.connect() as refused:
            assert hear(refused) == b""
        monkeypatch.setattr(threading.Thread, "start", real)
    with served.connect() as one:
        assert say(one, hello(Caller.WEB))
    assert "can't start new thread" in capsys.readouterr().err
