"""Chinese for what the command-line library itself says: the headings of the help, and usage errors.

Typer has no catalogue of translations. Its texts are replaced when they are printed, because loading the module that
holds most of them takes as long as many a command.
"""

import re
from typing import Any, Final

HELP: Final = {
    "Install completion for the current shell.": "为当前 shell 安装命令补全",
    "Show completion for the current shell, to copy it or customize the installation.": (
        "显示当前 shell 的补全脚本，供复制或修改"
    ),
}
"""Help texts of the library's own options."""

_PANELS: Final = {
    "DEFAULT_STRING": "[默认：{}]", "REQUIRED_LONG_STRING": "[必填]", "ARGUMENTS_PANEL_TITLE": "参数",
    "OPTIONS_PANEL_TITLE": "选项", "COMMANDS_PANEL_TITLE": "命令", "ERRORS_PANEL_TITLE": "用法错误",
    "ABORTED_TEXT": "已中止。", "RICH_HELP": "查看说明：[blue]{command_path} {help_option}[/]",
}  # fmt: skip

_ERRORS: Final = (
    (r"^Missing argument '(.+?)'\.", r"缺少参数 \1。"),
    (r"^Missing option '(.+?)'\.", r"缺少选项 \1。"),
    (r"^Missing command\.", "缺少命令。"),
    (r"^No such command '(.+?)'\.", r"没有命令 \1。"),
    (r"^No such option: (\S+)", r"没有选项 \1。"),
    (r" Did you mean (.+)\?$", r"是否要用 \1？"),
    (r" \(Possible options: (.+)\)$", r"相近的有：\1。"),
    (r"^Got unexpected extra argument\(s\) \((.+)\)$", r"多余的参数：\1。"),
    (r"^Option '(.+)' requires an argument\.$", r"选项 \1 后面缺少值。"),
    (r"^Invalid value for '(.+?)': ", r"\1 的值无效："),
    (r"(?:Value error, )?'(.+)' is not one of (.+)\.$", r"\1 不是 \2 之一。"),
    (r"Input should be a valid integer.*$", "应为整数。"),
    (r"Input should be a valid number.*$", "应为数字。"),
    (r"Input should be greater than or equal to (\S+)$", r"不能小于 \1。"),
    (r"Input should be less than or equal to (\S+)$", r"不能大于 \1。"),
    (r"(?:[Ff]ile|[Pp]ath|[Dd]irectory) '(.+)' does not exist\.$", r"\1 不存在。"),
    (r"[Ff]ile '(.+)' is a directory\.$", r"\1 是文件夹，应为文件。"),
)


def translate_error(text: str) -> str:
    """Return the library's text of a usage error in Chinese; what is unknown stays English.

    >>> translate_error("No such command 'detct'. Did you mean 'detect'?")
    "没有命令 detct。是否要用 'detect'？"
    """
    for english, chinese in _ERRORS:
        text = re.sub(english, chinese, text)
    return text


def speak_chinese() -> None:
    """Replace the library's English texts for the rest of this process; another version of it may keep its own."""
    try:
        from typer._click import exceptions
        from typer._click.core import Command, Context
        from typer._click.formatting import HelpFormatter
    except ImportError:
        return
    write_usage, get_help_option = HelpFormatter.write_usage, Command.get_help_option

    def write_chinese_usage(
        self: HelpFormatter, prog: str, args: str = "", prefix: str | None = None
    ) -> None:
        _name_panels()
        write_usage(self, prog, args, prefix or "用法：")

    def get_chinese_help_option(self: Command, ctx: Context) -> Any:  # noqa: ANN401 - as the library has it
        if option := get_help_option(self, ctx):
            option.help = "显示帮助"
        return option

    HelpFormatter.write_usage = write_chinese_usage  # type: ignore[method-assign]
    Command.get_help_option = get_chinese_help_option  # type: ignore[method-assign]
    for kind in (
        exceptions.ClickException,
        exceptions.BadParameter,
        exceptions.MissingParameter,
        exceptions.NoSuchOption,
    ):
        _translate_messages(kind)


def _translate_messages(kind: Any) -> None:  # noqa: ANN401 - a class whose method is replaced
    format_message = kind.format_message

    def format_chinese_message(self: Any) -> str:  # noqa: ANN401
        _name_panels()
        return translate_error(format_message(self))

    kind.format_message = format_chinese_message


def _name_panels() -> None:
    from typer import rich_utils

    for name, text in _PANELS.items():
        setattr(rich_utils, name, text)
