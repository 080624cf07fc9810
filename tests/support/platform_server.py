"""A simulated shop platform on loopback, with real HTTP, that follows the platform's published description.

It is independent of the code under test: batch sizes and fields are defined here again from the same sources.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

MOST = {"order.batchSensitive": 50, "order.batchDecrypt": 50, "taobao.top.oaid.decrypt": 20}


class Platform:
    """The received requests in order, and the known consignees by order number."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.closed: set[str] = set()
        self.broken = False

    def answer(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        self.asked.append((method, body))
        if self.broken:
            return {"error_response": {"code": 50, "sub_msg": "收件人 13900001111"}}
        if method.startswith("order.batch"):
            items = body["cipher_infos"]
            if len(items) > MOST[method]:
                return {"code": 40004, "sub_code": "isv.parameter-invalid:100000"}
            hidden = method == "order.batchSensitive"
            infos = [
                {"auth_id": one["auth_id"], "cipher_text": one["cipher_text"], "err_no": 0,
                 "decrypt_text": "1*********1" if hidden else f"1990000{one['auth_id'][-4:]}"}
                for one in items
            ]  # fmt: skip
            return {"code": 10000, "data": {"decrypt_infos": infos, "custom_err": {"err_code": 0}}}
        items = body["query_list"]
        assert len(items) <= MOST[method]
        found = [
            {"tid": one["tid"], "oaid": one["oaid"], "desensitize_rule": "DECRYPTION_DISABLED_BY_ORDERCLOSED"}
            if one["tid"] in self.closed
            else {"tid": one["tid"], "oaid": one["oaid"], "mobile": f"1990000{one['tid'][-4:]}"}
            for one in items
        ]
        return {"top_oaid_decrypt_response": {"receiver_list": {"receiver": found}}}


class HttpGateway:
    """Sends a call as JSON, without the signature of a real gateway."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, trust_env=False)

    def call(self, method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        response = self._http.post("/", json={"method": method, "body": body})
        response.raise_for_status()
        answer: Mapping[str, Any] = response.json()
        return answer

    def close(self) -> None:
        self._http.close()


@contextmanager
def serving(platform: Any) -> Iterator[str]:
    """Serve an object with ``answer(method, body)`` over HTTP; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = platform.answer(asked["method"], asked["body"])
            status = answer.pop("_status", 200)
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Write no access log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
