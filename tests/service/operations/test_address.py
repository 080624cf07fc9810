"""The console's port belongs to one service."""

import socket

import pytest
from support.ports import free_port

from waybillguard.service.operations.address import Address
from waybillguard.service.operations.start_errors import StartError


def listening(port: int) -> socket.socket:
    """Listen as Granian does."""
    server = socket.socket()
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        server.setsockopt(socket.SOL_SOCKET, option, 1)
    server.bind(("127.0.0.1", port))
    server.listen()
    return server


def test_of_two_services_on_one_port_the_second_is_told_before_either_listens() -> None:
    address = Address("127.0.0.1", free_port())
    with address.take_port(), pytest.raises(StartError, match=f"port {address.port} cannot be used"):
        address.take_port()
    address.take_port().close()


def test_the_web_server_listens_on_the_port_that_is_kept_and_gets_every_connection() -> None:
    address = Address("127.0.0.1", free_port())
    with address.take_port(), listening(address.port) as server:
        for _ in range(50):
            with socket.create_connection(("127.0.0.1", address.port), timeout=5):
                server.accept()[0].close()
        with pytest.raises(StartError):
            address.take_port()


def test_a_service_that_ended_a_moment_ago_does_not_keep_the_port() -> None:
    address = Address("127.0.0.1", free_port())
    with address.take_port(), listening(address.port) as server:
        client = socket.create_connection(("127.0.0.1", address.port), timeout=5)
        server.accept()[0].close()  # closed here first: the connection waits its minute out
        client.close()
    address.take_port().close()
