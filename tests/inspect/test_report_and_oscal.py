"""The report and the OSCAL export."""

import json

from support.inspecting import CLOCK, CONTROLS, all_green, evidence_for, red_facts

from waybillguard.documents import to_html, to_pdf, to_word
from waybillguard.inspect import Organisation, catalogue, inspect
from waybillguard.inspect.oscal import catalogue_json, results_json
from waybillguard.inspect.report import report_document

RED = evidence_for(CONTROLS["LBL-02"], next(red_facts(CONTROLS["LBL-02"]))[1])
RUN = inspect(
    catalogue(),
    Organisation("测试仓库"),
    [*(one for one in all_green() if one.control != "LBL-02"), RED],
    CLOCK,
)


def test_the_report_names_what_is_wrong_who_answers_and_what_to_do() -> None:
    page = to_html(report_document(RUN))
    assert CONTROLS["LBL-02"].fix_zh in page
    assert "仓库／邮政管理部门" in page
    assert "不符合 1" in page


def test_the_report_becomes_pdf_and_word_with_the_same_bytes() -> None:
    document = report_document(RUN)
    assert to_pdf(document) == to_pdf(document)
    assert to_word(document) == to_word(document)


def test_oscal_keeps_our_verdict_in_a_property_and_is_stable() -> None:
    made = results_json(catalogue(), RUN)
    assert made == results_json(catalogue(), RUN)
    (result,) = json.loads(made)["assessment-results"]["results"]
    by_target = {finding["target"]["target-id"]: finding for finding in result["findings"]}
    red = by_target["lbl-02_smt"]
    assert red["target"]["status"]["state"] == "not-satisfied"
    assert {"satisfied", "not-satisfied"} >= {one["target"]["status"]["state"] for one in result["findings"]}
    assert any(one["name"] == "verdict" and one["value"] == "not_satisfied" for one in red["props"])


def test_every_control_is_in_the_catalogue_export_once() -> None:
    groups = json.loads(catalogue_json(catalogue(), "2026-11-28T00:00:00+00:00"))["catalog"]["groups"]
    ids = [control["id"] for group in groups for control in group["controls"]]
    assert sorted(ids) == sorted(name.lower() for name in CONTROLS)
