"""Answer a notice on the real service: requested in the shell, confirmed by two people, verified offline by a third."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from support.first_start import FirstStart
from support.print_room import until
from support.running import Person, Running, submit

from waybillguard.trace.verification import verify

pytestmark = [pytest.mark.slow, pytest.mark.timeout(480)]

HEAD = "订单编号,收货人,联系电话,收货地址,商品\n"


class Scene:
    """An owner and a supervisor, each with a browser, and six sealed orders of their shop."""

    def __init__(
        self, service: Running, owner: Person, owner_browser: httpx.Client, second_browser: httpx.Client
    ) -> None:
        self.service, self.browsers = service, (owner_browser, second_browser)
        second = Person("second")
        self.people = (owner, second)
        owner.enter(owner_browser)
        rows = [
            f"N-{n:04},测试人{n},1990000{n:04},浙江省金华市义乌市不存在路{n}号3幢1单元501室,干货"
            for n in range(6)
        ]
        source = service.home / "orders.csv"
        source.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
        sealed = service.cli("seal", str(source), "--data", str(service.data))
        assert sealed.returncode == 0, sealed.stderr
        page = submit(
            owner_browser,
            owner_browser.get("/people/"),
            username="second",
            display_name="测试人乙",
            role="supervisor",
        )
        page = self.with_code(page, 0)  # fmt: skip
        link = re.search(r"/setup/([\w-]+)/", page.text)
        assert link, page.text
        service.link = link[1]
        second.first_sign_in(service, second_browser)

    def with_code(self, page: httpx.Response, which: int) -> httpx.Response:
        """Continue after a form was sent: if the page asks for a code, enter one for this action."""
        if page.url.path != "/account/confirm/code/":
            return page
        return submit(self.browsers[which], page, code=self.people[which].code())

    def confirm(self, number: int, which: int) -> httpx.Response:
        """Confirm an answer in the console with a fresh factor."""
        browser = self.browsers[which]
        page = browser.get(f"/tracing/notices/{number}/")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert found, page.text
        sent = browser.post(
            f"/tracing/notices/{number}/confirm/", data={"csrfmiddlewaretoken": found[1], "agree": "1"},
            headers={"Referer": str(page.url)},
        )  # fmt: skip
        return self.with_code(sent, which)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart) -> Iterator[Scene]:
    service = Running(tmp_path_factory.mktemp("answer"))
    owner = first_start.service(service)
    try:
        with service.http() as desk, service.http() as second:
            yield Scene(service, owner, desk, second)
    finally:
        service.stop()


def test_a_notice_is_answered_with_two_peoples_grants_and_checks_offline(
    scene: Scene, tmp_path: Path
) -> None:
    service, today = scene.service, datetime.now(UTC).date()
    notice, victims, out = tmp_path / "notice.yaml", tmp_path / "victims.csv", tmp_path / "out"
    notice.write_text(
        f"authority: 某市公安局\nnumber: 公(网)调证字〔2026〕12号\ndate: {today}\n"
        f"from: {today - timedelta(days=3)}\nto: {today + timedelta(days=1)}\nscope: {{victims_only: false}}\n",
        encoding="utf-8",
    )
    victims.write_text("phone\n19900000001\n19900000004\n19911111111\n", encoding="utf-8")
    asked = subprocess.Popen(
        [
            sys.executable, "-m", "waybillguard", "trace", "answer", str(notice), str(victims), "--out", str(out),
            "--data", str(service.data),
        ],
        env=service.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        until(lambda: "/tracing/notices/1/" in scene.browsers[0].get("/tracing/notices/").text, lambda: "")
        scene.confirm(1, 0)
        assert asked.poll() is None, "one person is not two"
        assert not out.exists()
        scene.confirm(1, 1)
        said, _ = asked.communicate(timeout=120)
    finally:
        asked.kill()
    assert asked.returncode == 0, said
    files = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    plain = b"".join(files.values()).decode("utf-8", "ignore")
    assert not re.search(r"测试人[0-9]|1990000[0-9]{4}|不存在路", plain), "no consignee in the clear"
    assert files["handover.pdf"].startswith(b"%PDF")
    found = verify(files)
    assert found.holds
    assert len(found.proofs) == 2, "one ledger proof for each victim that is known here"
    done = service.cli("trace", "check", str(out))
    assert done.returncode == 0, done.stderr
    (out / "records.csv").write_bytes(files["records.csv"].replace(b"import", b"search", 1) + b"\r\n")
    assert service.cli("trace", "check", str(out)).returncode == 1
