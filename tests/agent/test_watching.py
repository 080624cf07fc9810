"""The agent scans its PC and reports; a service that does not answer is asked again, and printing never waits."""

import asyncio

from waybillguard.agent.errors import unreachable
from waybillguard.agent.protocol_sensor import ScanSent, ScanTaken
from waybillguard.agent.watching import reporting_scans


class Service:
    """Fails the first time."""

    def __init__(self, failures: int) -> None:
        self.failures, self.got, self.done = failures, list[ScanSent](), asyncio.Event()

    async def send_scan(self, message: ScanSent) -> ScanTaken:
        if self.failures:
            self.failures -= 1
            raise unreachable()
        self.got.append(message)
        self.done.set()
        return ScanTaken(sha256="0" * 64)


def test_a_scan_of_this_pc_is_reported_after_a_failure() -> None:
    said: list[str] = []

    async def work() -> Service:
        service = Service(failures=1)
        async with reporting_scans(service, lambda zh, _: said.append(zh), first=0, again=0):
            async with asyncio.timeout(120):
                await service.done.wait()
        return service

    service = asyncio.run(work())
    assert '"findings"' in service.got[0].scan
    assert len(said) == 1
