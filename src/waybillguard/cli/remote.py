"""Client of the running service, for commands that need the vault. It acts as the signed-in user."""

import json
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from waybillguard.errors import WaybillGuardError
from waybillguard.on_demand import left_out
from waybillguard.service.platform.config import Config, default_data_dir, write_private

with left_out("httpx._main"):  # its own command line, which loads rich and pygments: a quarter of a start
    import httpx

POLL, LONGEST_POLL = 0.2, 1.0
"""Seconds between two polls of a running job: short at first, then long enough to stay below rate limits."""


class ServiceError(WaybillGuardError):
    """The service is not running, nobody is signed in, or the service refused the call."""

    code = "service"


class RunFile(msgspec.Struct, frozen=True):
    """The file in the data folder in which the running service publishes its address."""

    url: str
    ca: str
    pid: int


class TokenFile(msgspec.Struct, frozen=True):
    """The sign-in of the CLI."""

    token: str
    expires_at: str
    user: str
    tenant: str


def config_for(data: Path | None) -> Config:
    """Return the installation given by ``--data``, else by the environment, else in the user's data folder."""
    return Config(data or default_data_dir())


class Service:
    """The running service of one data folder; use as a context manager.

    Args:
        config: the installation.
        signed_in: whether the call needs a sign-in.

    Raises:
        ServiceError: no service runs on that folder, or nobody is signed in.
    """

    def __init__(self, config: Config, *, signed_in: bool = True) -> None:
        self.config = config
        try:
            run = msgspec.json.decode(config.run_file.read_bytes(), type=RunFile)
        except (OSError, msgspec.DecodeError):
            raise _no_service(config) from None
        context = ssl.create_default_context(cafile=run.ca)
        headers = {"Authorization": f"Bearer {self._token()}"} if signed_in else {}
        self._client = httpx.Client(
            base_url=f"{run.url}/api/v1",
            verify=context,
            headers=headers,
            timeout=httpx.Timeout(30.0, read=600.0),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def _token(self) -> str:
        try:
            token = msgspec.json.decode(self.config.token_file.read_bytes(), type=TokenFile)
        except (OSError, msgspec.DecodeError):
            raise _not_signed_in() from None
        if datetime.fromisoformat(token.expires_at) <= datetime.now(UTC):
            raise _not_signed_in()
        return token.token

    def call(self, method: str, path: str, **options: Any) -> Any:  # noqa: ANN401 - JSON
        """Make one call and return its JSON (None for an empty answer).

        Raises:
            ServiceError: the service refused; contains its message in both languages.
        """
        try:
            response = self._client.request(method, path, **options)
        except httpx.TransportError:
            raise _no_service(self.config) from None
        self._check(response)
        return response.json() if response.content else None

    def download(self, path: str, target: Path) -> None:
        """Write the answer of a GET to ``target``, completely or not at all."""
        part = target.with_name(f".{target.name}.part")
        try:
            with self._client.stream("GET", path) as response, part.open("wb") as handle:
                if response.is_error:
                    response.read()
                    self._check(response)
                part.chmod(0o600)
                for piece in response.iter_bytes():
                    handle.write(piece)
            part.replace(target)
        except httpx.TransportError:
            raise _no_service(self.config) from None
        finally:
            part.unlink(missing_ok=True)

    def wait(self, path: str, busy: set[str], progress: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        """Poll ``path`` until its state leaves ``busy``; return the last answer."""
        pause = POLL
        while True:
            answer: dict[str, Any] = self.call("GET", path)
            progress(answer)
            if answer["state"] not in busy:
                return answer
            time.sleep(pause)
            pause = min(pause * 1.2, LONGEST_POLL)

    @staticmethod
    def _check(response: httpx.Response) -> None:
        if not response.is_error:
            return
        if response.status_code == httpx.codes.UNAUTHORIZED and "problem" not in response.headers.get(
            "content-type", ""
        ):
            raise _not_signed_in()
        try:
            problem = response.json()
            zh, en = str(problem["detail_zh"]), str(problem["detail_en"])
            if problem["title"] == "too_many":  # messages of other limits already say what to do
                zh, en = "请求过于频繁，请稍候一分钟再试", "too many requests: wait a minute and try again"
        except (json.JSONDecodeError, KeyError, TypeError):
            zh = f"服务返回了错误 {response.status_code}"
            en = f"the service answered with error {response.status_code}"
        raise ServiceError(zh=zh, en=en)


def require_service(config: Config) -> None:
    """Raise `ServiceError` with the folder and how to start the service if no service runs on the folder."""
    if not config.run_file.exists():
        raise _no_service(config)


def save_token(config: Config, token: TokenFile) -> None:
    """Store the sign-in of the CLI with mode 0600, outside the data folder."""
    write_private(config.token_file, msgspec.json.encode(token))


def _no_service(config: Config) -> ServiceError:
    return ServiceError(
        zh=f"数据目录 {config.data_dir} 上没有正在运行的服务。请先运行：waybillguard up --data {config.data_dir}",
        en=f"no service runs on the data folder {config.data_dir}. Start it: waybillguard up --data {config.data_dir}",
    )


def _not_signed_in() -> ServiceError:
    return ServiceError(
        zh="尚未登录或登录已过期。请运行：waybillguard login",
        en="nobody is signed in, or the sign-in has ended. Run: waybillguard login",
    )
