"""``label check PHOTO``: check photos of any labels against GB/T 41833-2022, field by field."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from waybillguard.cli.output import FOUND, fail, json_out, say


def check(
    photos: Annotated[
        list[Path],
        typer.Argument(exists=True, dir_okay=False, readable=True, help="面单照片 / photos of labels"),
    ],
    *,
    json: Annotated[
        str, typer.Option("--json", help="结果文件，- 为标准输出 / file for results, - is standard output")
    ] = "-",
) -> None:
    """按 GB/T 41833-2022 逐栏检查面单照片 / check photos of labels field by field.

    One JSON line a photo. Exit status 1 if any photo fails or cannot be read.
    """
    from waybillguard.label.check.photo import OcrMissingError, check_photo, ocr_reader

    try:
        read = ocr_reader()
    except OcrMissingError as error:
        fail(error)
    counts: Counter[str] = Counter()
    encoder = msgspec.json.Encoder()
    from rich.progress import track

    with json_out(json) as out:
        from rich.console import Console

        console = Console(stderr=True)
        for photo in track(
            photos,
            description="面单照片 / photos",
            console=console,
            transient=True,
            disable=not console.is_terminal,
        ):
            verdict = check_photo(photo, read)
            counts[verdict.verdict] += 1
            out.write(encoder.encode(verdict) + b"\n")
            out.flush()
    say(
        f"合格 {counts['pass']}，不合格 {counts['fail']}，无法辨认 {counts['unreadable']} / "
        f"{counts['pass']} pass, {counts['fail']} fail, {counts['unreadable']} unreadable"
    )
    if counts["fail"] or counts["unreadable"]:
        raise typer.Exit(FOUND)
