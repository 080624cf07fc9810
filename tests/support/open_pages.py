"""Measure the cost of open pages: ``python tests/support/open_pages.py [PAGES] [SECONDS]``.

It starts a service and simulates browsers: each page polls a fragment every four seconds (of the keys page, which does
not change) and the notifications every minute. Prints the CPU use of web process and keyd as a share of one core.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import django
from django.conf import settings

sys.path.insert(0, str(Path(__file__).parent.parent))
settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "allauth", "allauth.account", "allauth.mfa"],
    MIDDLEWARE=["allauth.account.middleware.AccountMiddleware"],
)  # fmt: skip
django.setup()

import httpx  # noqa: E402 - the following imports need settings

from support.running import Person, Running  # noqa: E402

PART_S, BELL_S = 4.0, 60.0


def cpu_s(pids: dict[str, int]) -> float:
    """Return CPU seconds of processes and of the workers they started."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(folder.name) in pids.values() or int(fields[1]) in pids.values():
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def play(client: httpx.Client, pages: int, seconds: float) -> tuple[int, int]:
    """Poll like the given number of pages, evenly spread; return the number of requests and of 304 responses."""
    tags: dict[int, str] = {}
    asked = unchanged = 0
    began = time.monotonic()
    due = [(began + PART_S * n / pages, n, "/keys/body/", PART_S) for n in range(pages)]
    due += [(began + BELL_S * n / pages, n, "/bell/", BELL_S) for n in range(pages)]
    while (now := time.monotonic()) < began + seconds:
        at, page, path, every = due.pop(due.index(min(due)))
        time.sleep(max(0.0, at - now))
        headers = {
            "HX-Request": "true",
            **({"If-None-Match": tags[page]} if every == PART_S and page in tags else {}),
        }
        answer = client.get(path, headers=headers)
        assert answer.status_code in {200, 304}, answer.status_code
        asked, unchanged = asked + 1, unchanged + (answer.status_code == 304)
        if tag := answer.headers.get("ETag"):
            tags[page] = tag
        due.append((at + every, page, path, every))
    return asked, unchanged


def main(pages: int = 50, seconds: float = 60.0) -> None:
    """Start the service, simulate the pages, print the result and stop."""
    with tempfile.TemporaryDirectory() as home:
        service = Running(Path(home)).start()
        try:
            with service.http() as setup:
                Person("owner").first_sign_in(service, setup)
                with httpx.Client(base_url=service.url, verify=False, cookies=setup.cookies) as client:
                    play(client, pages, 3.0)
                    pids = {name: pid for name, pid in service.pids().items() if name in {"web", "keyd"}}
                    before = cpu_s(pids)
                    asked, unchanged = play(client, pages, seconds)
                    share = (cpu_s(pids) - before) / seconds
            sys.stdout.write(
                f"{pages} open pages: {share:.1%} of a core; {asked} requests, {unchanged} of them 304\n"
            )
        finally:
            service.stop()


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:]))
