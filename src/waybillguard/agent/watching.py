"""Scans the agent's PC at start and every few hours, and reports the result.

A scan runs in a separate process, so no scan data stays in the agent's memory, and printing never waits for it.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final, Protocol

from waybillguard.agent.errors import AgentError
from waybillguard.agent.protocol_sensor import LARGEST_SCAN, ScanSent, ScanTaken

FIRST_S: Final = 60.0
EVERY_S: Final = 4 * 3600.0
AGAIN_S: Final = 600.0
_LONGEST_SCAN_S: Final = 120.0


class ScanClient(Protocol):
    """The call that reporting makes (`waybillguard.agent.client.ServiceClient`)."""

    async def send_scan(self, message: ScanSent) -> ScanTaken:
        """Report a scan."""


async def scan_in_process() -> str:
    """Return the JSON of a scan of this PC; empty if it failed or is too large to send."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "waybillguard",
        "sensor",
        "scan",
        "--json",
        "-",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_LONGEST_SCAN_S):
            output, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return ""
    text = output.decode("utf-8", "replace").strip()
    return text if process.returncode in {0, 1} and len(text) <= LARGEST_SCAN else ""


@asynccontextmanager
async def reporting_scans(
    client: ScanClient,
    say: Callable[[str, str], None],
    *,
    first: float = FIRST_S,
    every: float = EVERY_S,
    again: float = AGAIN_S,
) -> AsyncIterator[None]:
    """Scan and report in the background until the block ends.

    Args:
        client: the client of the service.
        say: receives messages for people in two languages.
        first: seconds until the first scan; waiting labels are printed before it.
        every: seconds between scans.
        again: seconds until a failed report is retried.
    """

    async def go_on() -> None:
        await asyncio.sleep(first)
        while True:
            text = await scan_in_process()
            sent = False
            if text:
                try:
                    await client.send_scan(ScanSent(scan=text))
                    sent = True
                except AgentError as error:
                    say(f"扫描结果未送达：{error.zh}", f"the scan was not delivered: {error.en}")
            await asyncio.sleep(every if sent else again)

    task = asyncio.create_task(go_on())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
