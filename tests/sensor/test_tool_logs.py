"""Session logs of remote-control tools, each in the format of its cited source."""

from datetime import UTC, datetime

from waybillguard.sensor.catalogue import catalogue
from waybillguard.sensor.evidence.tool_logs import PARSERS
from waybillguard.sensor.sessions import join_sessions


def _read(parser: str, text: str) -> list:
    return list(PARSERS[parser](enumerate(text.splitlines(), start=1), "log"))


def _sessions(parser: str, text: str) -> tuple:
    seen = [each for each in _read(parser, text) if each.time]
    return join_sessions(sorted(seen, key=lambda each: each.time.replace(tzinfo=UTC)), catalogue())


def test_teamviewer_tells_start_end_account_and_partner_in_utc() -> None:
    line = "123456789\tPC-LAO\t03-05-2026 19:58:07\t03-05-2026 20:31:40\tdadan\tRemoteControl\t{guid}"
    (session,) = _sessions("teamviewer", line)
    assert session.start == datetime(2026, 5, 3, 19, 58, 7, tzinfo=UTC)
    assert session.end == datetime(2026, 5, 3, 20, 31, 40, tzinfo=UTC)
    assert (session.account, session.origin, session.origin_name) == ("dadan", "123456789", "PC-LAO")


def test_teamviewer_session_without_an_end_stays_open() -> None:
    (session,) = _sessions("teamviewer", "123456789\tPC\t03-05-2026 19:58:07\t\tdadan\tRemoteControl\t{guid}")
    assert session.end is None


def test_anydesk_connections_give_starts_and_refusals() -> None:
    seen = _read(
        "anydesk_connections",
        "Incoming    2026-05-03, 19:58    Passwd    lao@ad    442226597\nIncoming    2026-05-04, 01:00    REJECTED    x@ad    111222333\n",
    )
    assert [each.kind for each in seen] == ["session_start", "session_attempts"]
    assert seen[0].origin == "442226597"


def test_anydesk_log_joins_request_address_and_end_to_one_session() -> None:
    (session,) = _sessions(
        "anydesk",
        "   info 2026-05-03 19:58:00.100   gsvc   4628   3664   app.backend_session - Incoming session request: lao (442226597)\n"
        "   info 2026-05-03 19:58:01.300   gsvc   4628   3664   anynet.any_socket - Client-ID: 442226597 (FPR: aa).\n"
        "   info 2026-05-03 19:58:02.300   gsvc   4628   3664   anynet.any_socket - Logged in from 203.0.113.9:51327 on relay b5a3.\n"
        "   info 2026-05-03 20:31:40.000   gsvc   4628   3664   app.session - Session closed by remote.\n",
    )
    assert session.origin == "203.0.113.9"
    assert session.origin_name == "442226597"
    assert session.end == datetime(2026, 5, 3, 20, 31, 40, tzinfo=UTC)


def test_rustdesk_keeps_an_end_whose_opening_line_was_not_written() -> None:
    (session,) = _sessions(
        "rustdesk",
        "[2026-05-04 04:10:00.123456 +08:00] INFO [src/server/connection.rs:321] Connection closed: Peer close",
    )
    assert session.end == datetime(2026, 5, 3, 20, 10, tzinfo=UTC)


def test_rustdesk_pairs_opening_and_closing_by_number() -> None:
    (session,) = _sessions(
        "rustdesk",
        "[2026-05-04 04:00:00.1 +08:00] DEBUG [src/server/connection.rs:300] #7 Connection opened from 203.0.113.9:50000.\n"
        "[2026-05-04 04:10:00.1 +08:00] INFO [src/server/connection.rs:321] #7 Connection closed: Peer close\n",
    )
    assert session.origin == "203.0.113.9"
    assert (session.end - session.start).total_seconds() == 600


def test_sunlogin_marks_the_known_exploit_and_keeps_local_time_naive() -> None:
    seen = _read(
        "sunlogin",
        "2026-03-26 04:31:07.576\t- Info  -\t[service][TcpAcceptor] new acceptor 192.0.2.45:49329-->192.0.2.114:49724\n"
        "2026-03-26 04:32:07.576\t- Info  -\t[Acceptor][HTTP] new RC HTTP connection 192.0.2.45:49330, path: /check?cmd=ping..%2F..%2F\n",
    )
    assert [each.kind for each in seen] == ["session_start", "session_trace"]
    assert seen[0].time == datetime(2026, 3, 26, 4, 31, 7, 576000)  # noqa: DTZ001 - local time without a zone
    assert seen[1].marks == ("exploit",)


def test_todesk_session_log_is_a_session_of_its_day() -> None:
    (seen,) = PARSERS["todesk"](enumerate(["binary line"], start=1), "Logs/session_2026_03_26.log")
    assert seen.time == datetime(2026, 3, 26)  # noqa: DTZ001 - local time without a zone
    assert seen.marks == ("day_only",)
    assert not list(PARSERS["todesk"](iter([]), "Logs/session_2026_03_26.log"))


def test_teamviewers_own_log_gives_the_far_side_in_the_zone_of_its_header() -> None:
    (session,) = _sessions(
        "teamviewer_log",
        "Start:              2026/03/10 10:00:00.123 (UTC+8:00)\n"
        "2026/03/11 04:14:33.123  1234  5678 S0   CParticipantManagerBase participant PRINT (ID [123456789,-1]) was added with the role 3\n"
        "2026/03/11 04:14:34.123  1234  5678 S0   CParticipantManagerBase participant LAO (ID [987654321,-2]) was added with the role 6\n"
        "2026/03/11 04:44:34.123  1234  5678 S0   CParticipantManagerBase participant LAO (ID [987654321,-2]) was removed\n",
    )
    assert session.origin == "987654321"
    assert session.start == datetime(2026, 3, 10, 20, 14, 34, tzinfo=UTC)
