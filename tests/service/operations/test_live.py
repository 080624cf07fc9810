"""Live pages: a change is told at once, only to its own tenant's signed-in people, and a leaver goes silent."""

import json
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from support.running import Person, Running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

EXPORT = "订单编号,收货人,手机号码,收货地址\nL1,测试人甲,19900001111,浙江省金华市义乌市机场路1号2幢301室\n".encode()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("live")).start()
    try:
        yield running
    finally:
        running.stop()


def live(service: Running, browser: httpx.Client, origin: str | None = None) -> httpx.Client:
    context = ssl.create_default_context(cafile=str(service.data / "tls" / "ca.pem"))
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = {"Origin": origin or service.url, "Cookie": cookie}
    return httpx.Client(
        base_url=f"https://localhost:{service.port + 1}", verify=context, headers=headers, timeout=20.0
    )


def test_a_stream_tells_of_an_import_and_ends_with_the_sign_in(service: Running) -> None:
    owner = Person("owner")
    with service.http() as browser:
        owner.first_sign_in(service, browser)
        assert owner.login(service).returncode == 0
        with live(service, browser, origin="https://evil.example") as stranger:
            assert stranger.get("/events").status_code == 403
        with live(service, browser) as client:
            client.headers["Cookie"] = ""
            assert client.get("/events").status_code == 401
        heard: list[str] = []
        ended = threading.Event()

        def listen() -> None:
            with live(service, browser) as client, client.stream("GET", "/events") as answer:
                assert answer.status_code == 200
                heard.append("open")
                for line in answer.iter_lines():
                    heard.extend(json.loads(part)["changed"] for part in line.split("data: ")[1:])
            ended.set()

        listener = threading.Thread(target=listen)
        listener.start()
        while "open" not in heard:
            time.sleep(0.05)
        export = Path(service.home / "one.csv")
        export.write_bytes(EXPORT)
        assert service.cli("seal", str(export), "--data", str(service.data)).returncode == 0
        deadline = time.monotonic() + 5
        while "batch-1" not in heard and time.monotonic() < deadline:
            time.sleep(0.05)
        assert "batch-1" in heard
        page = browser.get("/logout/")
        began = time.monotonic()
        token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        browser.post(
            "/logout/", data={"csrfmiddlewaretoken": token}, headers={"Referer": f"{service.url}/logout/"}
        )
        assert ended.wait(5), "the stream of somebody who signed out must end"
        assert time.monotonic() - began < 3.0
        listener.join()
