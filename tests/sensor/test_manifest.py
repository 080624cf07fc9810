"""The examination of the whole folder reproduces every statement of the evidence's manifest."""

import csv
from pathlib import Path

import pytest

from waybillguard.sensor import Case, Examination, examine

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def examined(test_data: Path) -> tuple[Examination, Case]:
    return examine([str(test_data / "evidence")])


def _findings(examined: tuple[Examination, Case], file: str, kind: str) -> list:
    return [
        each
        for each in examined[0].findings
        if each.kind == kind and any(file in fact.file for fact in each.facts)
    ]


STATEMENTS = [
    ("ID1149-", "remote_session"),
    ("ID7045-7036_PSexec", "attack_tool"),
    ("ID4688-4697_RDP_hijack", "session_hijack"),
    ("ID4688-4697_RDP_hijack", "odd_service"),
    ("ID7045-4697-SMBexec", "odd_service"),
    ("ID7045-New_service_for_Mimikatz", "attack_tool"),
    ("ID7045-Random_service", "odd_service"),
    ("ID4688,4697,5140-5145_PSexec", "attack_tool"),
    ("ID4688-4778_RDP_hijack", "session_hijack"),
    ("ID4688,4778,4779_RDP_hijack", "session_hijack"),
    ("ID4825-", "remote_denied"),
    ("ID4-OpenSSH", "ssh_server"),
    ("ID4688-netsh", "port_forward"),
    ("ID13-RDP_shadow", "remote_setting"),
    ("ID104-1102", "log_cleared"),
    ("ID2004-Any_any", "firewall_opened"),
    ("ID2004-New_firewall", "firewall_opened"),
    ("ID4720-4726", "account_created"),
    ("ID472,_4728_Hidden", "hidden_account"),
    ("ID4720-Local", "account_created"),
    ("ID131-RDP_brutforce", "password_guessing"),
]


@pytest.mark.parametrize(("file", "kind"), STATEMENTS)
def test_what_the_author_says_of_a_log_is_found_in_it(
    examined: tuple[Examination, Case], file: str, kind: str
) -> None:
    assert _findings(examined, file, kind)


def test_no_statement_of_the_manifest_is_left_out(test_data: Path) -> None:
    text = (test_data / "evidence/MANIFEST.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    logs = [row["file"].rpartition("/")[2] for row in rows if row["role"] == "attack"]
    assert [name for name in logs if not any(name.startswith(file) for file, _ in STATEMENTS)] == []


def test_the_clearing_of_logs_is_counted(examined: tuple[Examination, Case]) -> None:
    rows = [seen for seen in examined[1].of("log_cleared") if "ID104-1102" in seen.file]
    assert len(rows) == 91


def test_six_services_are_installed_and_the_office_updater_is_no_finding(
    examined: tuple[Examination, Case],
) -> None:
    rows = [each for each in examined[0].installs if "ID7045-New_service_for_Mimikatz" in each.evidence]
    assert len(rows) == 6
    hostile = {each.service for each in rows if each.tool}
    assert {"WCESERVICE", "mimikatz driver (mimidrv)"} <= hostile
    assert not any("Click-to-Run" in each.detail_zh + each.tool for each in examined[0].findings)


def test_two_registrations_of_one_service_are_two_facts(examined: tuple[Examination, Case]) -> None:
    (finding,) = _findings(examined, "ID7045-4697-SMBexec", "odd_service")
    assert len([fact for fact in finding.facts if fact.fact.startswith("service_installed")]) == 2


def test_psexec_names_account_and_source_address(examined: tuple[Examination, Case]) -> None:
    (finding,) = [each for each in examined[0].findings if each.tool == "PsExec"]
    assert finding.account.endswith("admmig")
    assert finding.source == "10.23.42.22"


def test_each_prefetch_file_says_what_ran_and_the_false_one_is_refused(
    examined: tuple[Examination, Case], test_data: Path
) -> None:
    from waybillguard.sensor.evidence.prefetch import read_prefetch

    for path in sorted((test_data / "evidence/Prefetch").glob("*-*.pf")):
        first = next(iter(read_prefetch(path.read_bytes(), path.name)))
        assert first.count > 0
        assert first.time is not None
        assert first.name.lower() == path.name.rpartition("-")[0].lower()
    assert [loss.file for loss in examined[0].losses] == ["Prefetch/notAPrefetch.pf"]


def test_a_high_finding_rests_on_two_records(examined: tuple[Examination, Case]) -> None:
    for finding in examined[0].findings:
        if finding.severity in {"high", "critical"}:
            assert len({(fact.file, fact.record) for fact in finding.facts}) > 1
