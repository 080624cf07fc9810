"""The page that checks proofs, from a file and without a network, in a real browser."""

import base64
import json
from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, Page

from waybillguard.ledger import Entry, EntryKind, Ledger, LedgerKeys, LocalStorage
from waybillguard.ledger.cosign import Reply
from waybillguard.ledger.note import Checkpoint, parse_vkey
from waybillguard.ledger.person import looks_at, looks_json, prove_entry
from waybillguard.ledger.policy import parse_policy
from waybillguard.ledger.witness import KnownLog, WitnessServer
from waybillguard.ledger.witness_http import witness_signers
from waybillguard.service.platform.assets import assets

RECORD = bytes([9]) * 16
DAY = 86_400_000_000
START = 1_795_000_000_000_000


class Direct:
    """A witness in the same process."""

    def __init__(self, server: WitnessServer) -> None:
        self.server = server

    def add_checkpoint(self, body: bytes) -> Reply:
        answer = self.server.add_checkpoint(body)
        return Reply(answer.status, answer.body)

    def latest(self, origin: str) -> Checkpoint | None:
        raise AssertionError(f"nobody asks for the latest checkpoint of {origin}")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A witnessed ledger of three days with looks at two orders; its proofs as files."""
    folder = tmp_path_factory.mktemp("verifier")
    now = [START]
    with Ledger.open(
        LocalStorage(folder / "ledger"), LedgerKeys(secret=bytes([5]) * 32), lambda: now[0]
    ) as ledger:
        for day in range(3):
            now[0] = START + day * DAY
            for record in (
                (RECORD, bytes([day]) * 16, bytes([200 + day]) * 16) if day != 1 else (bytes(15) + b"\1",)
            ):
                ledger.append(
                    [Entry(time_us=now[0], kind=EntryKind.REVEAL, tenant="here", actor="u1", record=record)]
                )
        name = ledger.current_shard("here")
        ledger.checkpoint(name)
        vkeys = ledger.verifiers(name)
        signers = witness_signers("post.test/w1", bytes([3]) * 32)
        earlier = [type(key)("waybillguard.local/here-2026q3", key.public) for key in map(parse_vkey, vkeys)]
        log = "".join(f"log {vkey}\n" for vkey in [*(key.vkey() for key in earlier), *vkeys])
        witness = f"witness post {signers[0].verifier.vkey()}\nwitness old {signers[1].verifier.vkey()}\n"
        text = f"{log}{witness}group both all post old\nquorum both\n"
        known = [KnownLog(parse_vkey(vkey)) for vkey in vkeys]
        server = WitnessServer(folder / "w.sqlite", signers, lambda: known, lambda: START // 1_000_000)
        link = Direct(server)
        assert ledger.cosign(name, parse_policy(text.encode()), {"post": link, "old": link}).met
        proof = prove_entry(ledger, name, 0, disclose=True)
        ledger.append(
            [Entry(time_us=now[0], kind=EntryKind.REVEAL, tenant="here", actor="u1", record=RECORD)]
        )
        (answer,) = looks_at(
            ledger, "here", RECORD, parse_policy(f"{witness}group both all post old\nquorum both\n".encode())
        )
        (own,) = looks_at(ledger, "here", RECORD)
        server.close()
    other = witness_signers("post.test/w1", bytes([4]) * 32)[0].verifier.vkey()
    files = {
        "good.tlog-proof": proof,
        "looks.jsonl": looks_json([answer]),
        "own.jsonl": looks_json([own]),
        "quorum.policy": text.encode(),
        "log.policy": f"{log}quorum none\n".encode(),
        "wrong.policy": f"{log}witness post {other}\nquorum post\n".encode(),
    }
    partial = json.loads(files["looks.jsonl"])
    del partial["looks"][0]
    files["partial.jsonl"] = json.dumps(partial).encode() + b"\n"
    newer = json.loads(files["looks.jsonl"])
    newer["newer"]["proof"] = newer["newer"]["proof"][::-1]
    files["newer.jsonl"] = json.dumps(newer).encode() + b"\n"
    absent = json.loads(files["looks.jsonl"])
    absent["looks"] = []
    files["absent.jsonl"] = json.dumps(absent).encode() + b"\n"
    head, extra, rest = proof.partition(b"extra ")
    line, _, tail = rest.partition(b"\n")
    words = json.loads(base64.b64decode(line))
    body = bytearray(base64.b64decode(words["body"]))
    body[-1] ^= 1
    words["body"] = base64.b64encode(bytes(body)).decode()
    files["words.tlog-proof"] = head + extra + base64.b64encode(json.dumps(words).encode()) + b"\n" + tail
    files["flipped.tlog-proof"] = proof.replace(b"index 0\n", b"index 1\n")
    for file, content in files.items():
        (folder / file).write_bytes(content)
    page = folder / "verify.html"
    page.write_bytes(assets()["vendor/ledger-verify.html"].content)
    return SimpleNamespace(folder=folder, page=page)


def checked(page: Page, made: SimpleNamespace, policy: str, proof: str) -> str:
    page.goto(made.page.as_uri())
    page.set_input_files("#policy", made.folder / policy)
    page.set_input_files("#proof", made.folder / proof)
    page.wait_for_selector("#result .card")
    return page.locator("#result").inner_text()


@pytest.fixture(autouse=True)
def no_network(context: BrowserContext) -> None:
    """The page must do without."""
    context.set_offline(True)


@pytest.mark.parametrize(
    ("policy", "proof"),
    [("quorum.policy", "good.tlog-proof"), ("quorum.policy", "looks.jsonl"), ("log.policy", "own.jsonl")],
)
def test_a_good_file_holds(
    policy: str, proof: str, made: SimpleNamespace, page: Page, complaints: list[str]
) -> None:
    said = checked(page, made, policy, proof)
    assert "✓" in said
    assert "✗" not in said
    assert "reveal" in said
    assert complaints == []


@pytest.mark.parametrize(
    ("policy", "proof"),
    [
        ("quorum.policy", "flipped.tlog-proof"),
        ("quorum.policy", "words.tlog-proof"),
        ("wrong.policy", "good.tlog-proof"),
        ("log.policy", "partial.jsonl"),
        ("log.policy", "absent.jsonl"),
        ("quorum.policy", "newer.jsonl"),
        ("quorum.policy", "own.jsonl"),
    ],
)
def test_a_changed_file_or_another_policy_does_not_hold(
    policy: str, proof: str, made: SimpleNamespace, page: Page
) -> None:
    said = checked(page, made, policy, proof)
    assert "✗" in said
    assert "✓" not in said


def test_the_list_of_looks_says_what_no_witness_has_signed_yet(made: SimpleNamespace, page: Page) -> None:
    said = checked(page, made, "quorum.policy", "looks.jsonl")
    assert "1 newer entries, 1 of these looks among them, are not witnessed yet" in said


def test_files_may_be_dropped_together(made: SimpleNamespace, page: Page) -> None:
    page.goto(made.page.as_uri())
    files = {name: (made.folder / name).read_text() for name in ("quorum.policy", "good.tlog-proof")}
    page.evaluate(
        """files => { const data = new DataTransfer();
        for (const [name, text] of Object.entries(files)) data.items.add(new File([text], name));
        window.dispatchEvent(new DragEvent("drop", {dataTransfer: data, cancelable: true})); }""",
        files,
    )
    page.wait_for_selector("#result .card")
    assert "✓" in page.locator("#result").inner_text()


def test_the_page_passes_axe(made: SimpleNamespace, page: Page, axe: str, browser: object) -> None:
    del browser
    checked(page, made, "quorum.policy", "good.tlog-proof")
    page.context.set_offline(False)
    found = page.evaluate(
        f"() => {{ {axe}; return axe.run(document).then(r => r.violations.map(v => v.id)); }}"
    )
    assert found == []


def test_the_page_names_no_other_address() -> None:
    text = assets()["vendor/ledger-verify.html"].content.decode()
    assert "default-src 'none'" in text
    assert "import(" not in text
