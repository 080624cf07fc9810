"""One ERP's connection: answers its requests, prints its tasks and sends its notices."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec

from waybillguard.agent.shim.content import Kind, are_print_settings, classify
from waybillguard.agent.shim.desk import Desk, DocumentResult, Outcome, PrinterInfo
from waybillguard.agent.shim.errors import (
    DeskRefusedError,
    LaneAError,
    MalformedError,
    ShimError,
    VirtualPrinterError,
)
from waybillguard.agent.shim.pairing import Pairing
from waybillguard.agent.shim.printers import is_virtual
from waybillguard.agent.shim.tasks import Tasks, TaskState, task_key
from waybillguard.agent.shim.upstream import Upstream
from waybillguard.agent.shim.wire import (
    Command,
    Request,
    Task,
    answer,
    answer_malformed,
    print_notice,
    print_settings,
    read_request,
    read_task,
    values_of_key,
    with_printer,
)
from waybillguard.errors import WaybillGuardError

type Send = Callable[[str | bytes], Awaitable[None]]

#: How many tasks one getTaskStatus may query.
_MOST_ASKED = 1_000


class Session:
    """The state of one connection. ``tasks`` is shared by all connections of one pairing."""

    def __init__(
        self,
        *,
        pairing: Pairing,
        desk: Desk,
        tasks: Tasks,
        send: Send,
        upstream: Upstream | None,
        version: str,
    ) -> None:
        self._pairing = pairing
        self._desk = desk
        self._tasks = tasks
        self._send = send
        self._upstream = upstream
        self._version = version
        self._running: set[asyncio.Task[None]] = set()

    async def receive(self, frame: str | bytes) -> None:
        """Answer one frame; a refusal gives the reason in both languages."""
        try:
            request = read_request(frame)
        except MalformedError as error:
            await self._desk.refused(error.code, self._pairing.name)
            await self._send(answer_malformed(frame, bilingual(error)))
            return
        try:
            await self._dispatch(request)
        except ShimError as error:
            await self._desk.refused(error.code, self._pairing.name)
            await self._send(refusal(request, error))

    async def close(self) -> None:
        """End the connection; accepted tasks are still printed completely."""
        if self._upstream is not None:
            await self._upstream.close()

    async def _dispatch(self, request: Request) -> None:
        match request.command:
            case Command.GET_PRINTERS:
                await self._send(await self._get_printers(request))
            case Command.GET_PRINTER_CONFIG:
                await self._get_config(request)
            case Command.SET_PRINTER_CONFIG:
                await self._send(answer(request, ok=False, message=_FIXED_CONFIG))
            case Command.PRINT:
                await self._print(request)
            case Command.GET_TASK_STATUS:
                await self._send(self._get_status(request))
            case Command.GET_AGENT_INFO:
                await self._send(answer(request, ok=True, version=self._version))
            case _:
                raise MalformedError(
                    zh="本组件不支持此命令；支持 getPrinters、getPrinterConfig、print、getTaskStatus、getAgentInfo。",
                    en="This command is not supported; supported are getPrinters, getPrinterConfig, print, "
                    "getTaskStatus and getAgentInfo.",
                )

    async def _get_printers(self, request: Request) -> bytes:
        printers = await self._desk.printers()
        listed: list[dict[str, object]] = [
            {"name": printer.name, "status": "enable" if printer.ready else "disable", "type": "RAW"}
            for printer in printers
        ]
        if self._upstream is not None:
            known = {printer.name for printer in printers}
            listed += [item for item in await self._upstream.printers() if item.get("name") not in known]
        default = next((printer.name for printer in printers if printer.default), "")
        return answer(request, ok=True, defaultPrinter=default, printers=listed)

    async def _is_upstreams(self, name: str) -> bool:
        """Return whether a printer is not this station's, but one that the platform's component lists."""
        if self._upstream is None or any(printer.name == name for printer in await self._desk.printers()):
            return False
        return any(item.get("name") == name for item in await self._upstream.printers())

    async def _get_config(self, request: Request) -> None:
        name = request.body.get("printer")
        name = name if isinstance(name, str) else ""
        if self._upstream is not None and await self._is_upstreams(name):
            # The component itself answers for its own printer.
            question = {
                "cmd": request.command,
                "requestID": request.number,
                "version": "1.0",
                "printer": name,
            }
            await self._upstream.send(msgspec.json.encode(question).decode())
            return
        printer = await self._printer(name)
        config = {
            "name": printer.name,
            "needTopLogo": False,
            "needBottomLogo": False,
            "horizontalOffset": 0,
            "verticalOffset": 0,
            "forceNoPageMargins": True,
            "paperSize": {"width": printer.width, "height": printer.height},
            "dpi": printer.dpi,
        }
        await self._send(answer(request, ok=True, printer=config))

    def _get_status(self, request: Request) -> bytes:
        asked = request.body.get("taskID")
        numbers: list[Any] = asked if isinstance(asked, list) else [asked]
        if len(numbers) > _MOST_ASKED or not all(_is_short(number) for number in numbers):
            raise MalformedError(
                zh="getTaskStatus 的 taskID 应为任务号列表。",
                en="getTaskStatus takes a list of task numbers.",
            )
        return answer(request, ok=True, printStatus=self._tasks.states(numbers))

    async def _print(self, request: Request) -> None:
        task = read_task(request.body)
        if task.preview:
            raise VirtualPrinterError(
                code="preview",
                zh="不提供预览：预览会把面单内容留在电脑上。请在控制台查看脱敏后的面单。",
                en="There is no preview: it would leave the label on this computer. See the masked label in the console.",
            )
        if is_virtual(task.printer):
            raise VirtualPrinterError(
                zh="目标是虚拟、PDF、传真或远程重定向打印机，已拒绝并记录。请改选标签打印机。",
                en="The target is a virtual, PDF, fax or redirected printer; refused and recorded. Choose a label printer.",
            )
        found = [classify(document) for document in task.documents]
        kinds = {kind for kind, _ in found}
        if kinds == {Kind.REFERENCE}:
            references = [(d.number, r) for d, (_, r) in zip(task.documents, found, strict=True)]
            await self._print_references(request, task, references)
        elif kinds == {Kind.CIPHERTEXT} and are_print_settings(print_settings(request.body)):
            await self._pass_on(request, task)
        else:
            raise ShimError(
                code="plaintext_refused",
                zh="报文含收件人信息或未知字段，未打印、未保存。请先把订单导入面单卫士，"
                '再按引用打印：contents 内写 {"data": {"orderNo": "订单号"}}（或 waybillNo）。',
                en="The message carries a consignee or unknown fields; nothing was printed or kept. Import the order "
                'first, then print it by reference: contents with {"data": {"orderNo": "…"}} (or waybillNo).',
            )

    async def _pass_on(self, request: Request, task: Task) -> None:
        if self._upstream is None:
            raise LaneAError(
                zh="这是平台加密面单，只能由平台打印组件打印；本站未配置该组件。请让 ERP 把它发往平台组件。",
                en="This is a platform's encrypted waybill, which only its own component can print; none is set up "
                "here. Let the ERP send it to the platform's component.",
            )
        if request.command != Command.PRINT:
            return
        printer = await self._printer_of_component(self._upstream, request, task)
        # Serialised again, because the frame may hold a duplicate key whose other value was not checked.
        self._tasks.take(TaskState(task.number, task.asked, printer, _numbers(task), passed_on=True))
        try:
            await self._upstream.send(msgspec.json.encode(with_printer(request.body, printer)).decode())
        except LaneAError:
            self._tasks.forget(task.number)
            raise
        for document in task.documents:
            await self._desk.passed_on(document.number, printer)

    @staticmethod
    async def _printer_of_component(upstream: Upstream, request: Request, task: Task) -> str:
        """Return the printer for a forwarded task: one that the component lists and that is not virtual.

        If the task names no printer, the component would use its own default, so that is looked up and filled in.
        """
        listed, default = await upstream.listing(wechat=isinstance(request.body.get("taskList"), list))
        printer = task.printer or default
        differs = any(said not in (None, "", printer) for said in values_of_key(request.body, "printer"))
        known = [item.get("name") for item in listed]
        if not printer or printer not in known or differs or is_virtual(printer):
            raise VirtualPrinterError(
                zh="平台打印组件没有列出这台打印机，或未写打印机而组件的默认打印机不出纸；未打印，已记录。"
                "请用 getPrinters 列出的标签打印机名称。",
                en="The platform's component does not list this printer, or none was named and its default makes no "
                "paper; nothing was printed, and it was recorded. Name a label printer that getPrinters gives.",
            )
        return printer

    async def _print_references(
        self, request: Request, task: Task, references: list[tuple[str, str]]
    ) -> None:
        fingerprint = hashlib.sha256(msgspec.json.encode([task.printer, references])).digest()
        known = self._tasks.get(task.number)
        if known is not None:
            if known.fingerprint != fingerprint:
                raise MalformedError(
                    zh="此 taskID 已用于另一批面单；请换新的 taskID。本次未打印。",
                    en="This taskID was used for other labels; take a new one. Nothing was printed.",
                )
            await self._send(answer(request, ok=True, taskID=task.asked))
            if known.done():
                await self._notify(known)
            return
        printer = await self._printer(task.printer)
        state = TaskState(task.number, task.asked, printer.name, _numbers(task), fingerprint)
        self._tasks.take(state)
        key = task_key(self._pairing.token_hash, task.number)
        try:
            results = await self._desk.take(references, printer=printer.name, key=key)
        except DeskRefusedError:
            self._tasks.forget(task.number)
            raise
        await self._send(answer(request, ok=True, taskID=task.asked))
        following = asyncio.create_task(self._follow(state, results))
        self._running.add(following)
        following.add_done_callback(self._running.discard)

    async def _follow(self, state: TaskState, results: AsyncIterator[DocumentResult]) -> None:
        """Store the results as they arrive. Labels without a result are never reported as printed."""
        try:
            async for result in results:
                state.results[result.document] = result
        except WaybillGuardError as error:
            self._settle(state, Outcome.FAILED, bilingual(error))
        except Exception:
            self._settle(state, Outcome.UNCERTAIN, "")
            raise
        else:
            self._settle(state, Outcome.UNCERTAIN, "")
        finally:
            await self._notify(state)

    @staticmethod
    def _settle(state: TaskState, outcome: Outcome, message: str) -> None:
        for document in state.documents:
            state.results.setdefault(document, DocumentResult(document, outcome, message))

    async def _notify(self, state: TaskState) -> None:
        await self._send(print_notice(state.asked, state.printer, state.status(), state.lines()))

    async def _printer(self, name: str) -> PrinterInfo:
        printers = await self._desk.printers()
        for printer in printers:
            if printer.name == name or (not name and printer.default):
                return printer
        if name and await self._is_upstreams(name):
            raise LaneAError(
                zh="这台打印机属于平台打印组件，只打印平台加密面单；按单号打印请选本站的标签打印机。本次未打印。",
                en="This printer is the platform component's and prints its encrypted waybills alone; to print by number "
                "choose a label printer of this station. Nothing was printed.",
            )
        raise MalformedError(
            zh="没有这台打印机，或没有默认打印机；请用 getPrinters 列出的名称。",
            en="There is no such printer, or no default one; use a name that getPrinters gives.",
        )


_FIXED_CONFIG = (
    "打印机参数由管理员在控制台设置，ERP 不能修改。 / "
    "The printer's settings are made in the console; an ERP cannot change them."
)


def _numbers(task: Task) -> dict[str, str | int]:
    return {document.number: document.asked for document in task.documents}


def _is_short(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) <= 128  # noqa: PLR2004


def refusal(request: Request, error: WaybillGuardError) -> bytes:
    """Return the answer to a refused request, with the reason."""
    task = request.body.get("task")
    named = {"taskID": task["taskID"]} if isinstance(task, dict) and _is_short(task.get("taskID")) else {}
    return answer(request, ok=False, message=bilingual(error), **named)


def bilingual(error: WaybillGuardError) -> str:
    """Return an error's text in both languages, because an ERP shows it to its user."""
    return f"{error.zh} / {error.en}"
