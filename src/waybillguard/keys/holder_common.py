"""Helpers shared by key holders: settings, optional libraries, and the error for altered bytes."""

from importlib import import_module
from typing import Any

from waybillguard.extras import install_command
from waybillguard.keys.errors import HolderRefusedError, KeysError

type Settings = dict[str, str]
"""Names and values that locate a holder; none is secret."""


def library(name: str) -> Any:  # noqa: ANN401 - a module of an extra
    """Import a library of the extra ``keyholders``.

    Raises:
        KeysError (holder_missing): it is not installed; the text says how to install it.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise KeysError(
            code="holder_missing",
            zh=f"缺少 {name}。请安装：{install_command('keyholders')}",
            en=f"{name} is missing. Install it: {install_command('keyholders')}",
        ) from error


def settle(settings: Settings, required: tuple[str, ...], defaults: Settings) -> Settings:
    """Fill in defaults and check the names of the settings.

    Raises:
        HolderRefusedError: a setting is missing or unknown.
    """
    whole = {**defaults, **{name: value for name, value in settings.items() if value}}
    wrong = sorted((set(required) - set(whole)) | (set(whole) - set(required) - set(defaults)))
    if wrong:
        raise HolderRefusedError(
            zh=f"缺少或多余的设置：{'、'.join(wrong)}。未更改任何文件。",
            en=f"settings missing or unknown: {', '.join(wrong)}. No file was changed.",
        )
    return whole


def refused_altered() -> HolderRefusedError:
    """Make the error for sealed bytes that do not open, or that open to another key."""
    return HolderRefusedError(
        zh="保管方打不开此密钥文件：文件或保管的密钥已被改动，或属于另一套安装。请用备份的 root.key 或分片恢复。",
        en="the holder does not open this key file: it or the holder's key was altered, or belongs to another "
        "installation. Restore root.key from a backup, or recover from shares.",
    )
