"""``inspect run|report|verify``: judge all controls, create the documents, recompute the verdicts."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from waybillguard.cli.output import FOUND, fail, json_out, say
from waybillguard.cli.remote import Service, ServiceError, config_for
from waybillguard.errors import WaybillGuardError

app = typer.Typer(
    no_args_is_help=True, help="检查：逐项核对法定义务 / inspections: every duty against evidence"
)

_BUSY = {"waiting", "running"}


@app.command()
def run(
    *,
    evidence: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="证据文件；不给则检查正在运行的服务 / evidence file, else the running service",
        ),
    ] = None,
    data: Annotated[Path | None, typer.Option(help="数据目录 / data folder")] = None,
    json: Annotated[
        str, typer.Option("--json", help="结果文件，- 为标准输出 / results, - is standard output")
    ] = "-",
) -> None:
    """检查全部项目 / judge every control.

    Exit status 1 if a control is not satisfied or has no evidence.
    """
    from waybillguard.inspect.model import Inspection, Status

    made = _from_file(evidence) if evidence else _from_service(data)
    with json_out(json) as out:
        out.write(msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n")
    inspection = made if isinstance(made, Inspection) else msgspec.convert(made, Inspection, strict=False)
    counts = {status: sum(one.status is status for one in inspection.verdicts) for status in Status}
    say(
        f"符合 {counts[Status.SATISFIED]}，不符合 {counts[Status.NOT_SATISFIED]}，"
        f"无证据 {counts[Status.NO_EVIDENCE]} / "
        f"{counts[Status.SATISFIED]} satisfied, {counts[Status.NOT_SATISFIED]} not satisfied, "
        f"{counts[Status.NO_EVIDENCE]} without evidence"
    )
    if counts[Status.NOT_SATISFIED] or counts[Status.NO_EVIDENCE]:
        raise typer.Exit(FOUND)


@app.command()
def report(
    runs: Annotated[
        list[Path],
        typer.Argument(
            exists=True, dir_okay=False, help="一次或前后两次的结果 / one run, or before and after"
        ),
    ],
    *,
    out: Annotated[Path, typer.Option(help="输出 .pdf .docx .html .json(OSCAL) / output by its ending")],
    form: Annotated[
        str, typer.Option(help="full 全部，sheet 十二项 / full report or twelve-item sheet")
    ] = "full",
) -> None:
    """生成检查报告或十二项检查表 / make the report or the twelve-item sheet.

    A run whose verdicts do not follow from its evidence is refused: exit status 1, nothing is written.
    """
    from waybillguard.documents import to_html, to_pdf, to_word
    from waybillguard.inspect.catalogue import catalogue
    from waybillguard.inspect.oscal import results_json
    from waybillguard.inspect.report import report_document
    from waybillguard.inspect.sheet import sheet_document

    most = {"full": 1, "sheet": 2}.get(form, 0)
    ending = out.suffix.lower()
    if len(runs) > most or ending not in {".pdf", ".docx", ".html", ".json"}:
        fail(
            WaybillGuardError(
                zh="报告取一次结果，检查表取一到两次；输出为 .pdf、.docx、.html 或 .json。",
                en="a report takes one run, a sheet one or two; the output is .pdf, .docx, .html or .json.",
            )
        )
    read = [_read(path) for path in runs]
    for path, one in zip(runs, read, strict=True):
        _refuse_altered_run(path, one)
    try:
        document = (
            sheet_document(read[0].organisation.name, read) if form == "sheet" else report_document(read[0])
        )
    except ValueError:
        fail(
            WaybillGuardError(
                zh="第二次检查应晚于第一次。请按先后顺序给出。",
                en="the second run must be later than the first. Give them in order.",
            )
        )
    if ending == ".json":
        content = results_json(catalogue(), read[0])
    elif ending == ".html":
        content = to_html(document).encode()
    else:
        content = to_pdf(document) if ending == ".pdf" else to_word(document)
    with json_out(str(out)) as handle:
        handle.write(content)
    say(f"已写入 {out} / written to {out}")


@app.command()
def verify(
    result: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="检查结果 / a run")],
) -> None:
    """用所附证据重新计算每项结论 / recompute every verdict from its evidence.

    Exit status 1 if a verdict differs.
    """
    from waybillguard.inspect.catalogue import catalogue
    from waybillguard.inspect.judge import recompute

    differing = recompute(catalogue(), _read(result))
    if differing:
        names = "、".join(differing)
        say(
            f"{len(differing)} 项结论与证据不符：{names} / {len(differing)} verdicts differ from their evidence"
        )
        raise typer.Exit(FOUND)
    say("全部结论与证据一致 / every verdict follows from its evidence")


def _refuse_altered_run(path: Path, inspection: Any) -> None:  # noqa: ANN401 - an Inspection, imported late
    """Exit with an error if verdicts contradict the evidence; warn if the run has another catalogue."""
    from waybillguard.inspect.catalogue import catalogue
    from waybillguard.inspect.judge import recompute

    if inspection.catalogue_sha256 != catalogue().sha256():
        say(
            f"{path.name}：检查项版本与本程序不同，结论未复算"
            f" / {path.name}: made with other controls than this program's; its verdicts were not recomputed"
        )
    elif differing := recompute(catalogue(), inspection):
        names = "、".join(differing)
        say(
            f"{path.name}：{len(differing)} 项结论与证据不符，未生成报告：{names}"
            f" / {len(differing)} verdicts differ from their evidence; no report was written"
        )
        raise typer.Exit(FOUND)


def _from_file(path: Path) -> Any:  # noqa: ANN401 - an Inspection, imported late
    from datetime import UTC, datetime

    from waybillguard.inspect import Clock, catalogue, inspect, read_evidence
    from waybillguard.inspect.errors import InspectError

    try:
        given = read_evidence(path)
    except InspectError as error:
        fail(error)
    return inspect(
        catalogue(),
        given.organisation,
        given.evidence,
        given.clock or Clock(datetime.now(UTC)),
        acceptances=given.acceptances,
        documents_seen=given.documents_seen,
    )


def _from_service(data: Path | None) -> Any:  # noqa: ANN401 - JSON
    try:
        with Service(config_for(data)) as service:
            started = service.call("POST", "/inspections")
            done = service.wait(
                f"/inspections/{started['id']}",
                _BUSY,
                lambda answer: say(f"{answer['done']}/{answer['total']}"),
            )
            return done["inspection"]
    except ServiceError as error:
        fail(error)


def _read(path: Path) -> Any:  # noqa: ANN401 - an Inspection, imported late
    from waybillguard.inspect.errors import InspectError
    from waybillguard.inspect.evidence import content_of, place_of
    from waybillguard.inspect.model import Inspection

    try:
        return msgspec.json.decode(content_of(path), type=Inspection)
    except OSError as error:
        fail(InspectError.unreadable(path.name, error))
    except msgspec.DecodeError as error:
        fail(InspectError.unreadable(path.name, place_of(error)))
