"""Escrow: splits the root key into *n* shares of words (SLIP-0039). Any *k* shares restore it; fewer reveal nothing.

Shares are kept by trusted people, such as a lawyer and a business partner. They work without passphrase, keyring,
server and token. Protects against: loss of the means to open the vault. Not against: *k* holders who collude.
"""

from collections.abc import Sequence
from typing import Final

from waybillguard.keys.errors import KeysError
from waybillguard.keys.hierarchy import RootKey
from waybillguard.keys.holder_common import library as holder_library
from waybillguard.keys.primitives import KEY_SIZE

FEWEST, MOST = 2, 16
_EXPONENT: Final = 1


def split(root: RootKey, needed: int, shares: int, first: RootKey | None = None) -> list[str]:
    """Return ``shares`` lines of 33 words; any ``needed`` of them restore the key.

    After a rollover each has 59 words and also restores the ``first`` root key, which derives the purpose keys.

    Raises:
        KeysError (shares): not 2 ≤ needed ≤ shares ≤ 16.
        KeysError (holder_missing): the library is not installed.
    """
    if not FEWEST <= needed <= shares <= MOST:
        raise KeysError(
            code="shares",
            zh=f"分片数应满足 {FEWEST} ≤ 所需片数 ≤ 总片数 ≤ {MOST}。未生成任何分片。",
            en=f"shares must satisfy {FEWEST} ≤ needed ≤ all ≤ {MOST}; none was made.",
        )
    library = holder_library("shamir_mnemonic")
    (group,) = library.generate_mnemonics(
        1,
        [(needed, shares)],
        bytes(root) + bytes(first or b""),
        extendable=True,
        iteration_exponent=_EXPONENT,
    )
    return [str(line) for line in group]


def join(lines: Sequence[str]) -> tuple[RootKey, RootKey | None]:
    """Restore the root key, and the first one after a rollover, from enough shares; spacing and case are ignored.

    Raises:
        KeysError (shares): too few, mistyped, duplicated, or from different sets; the error does not say which.
        KeysError (holder_missing): the library is not installed.
    """
    library = holder_library("shamir_mnemonic")
    words = sorted({" ".join(line.lower().split()) for line in lines} - {""})
    try:
        secret = library.combine_mnemonics(words)
    except (library.MnemonicError, ValueError, IndexError) as error:
        raise _not_enough() from error
    if len(secret) not in {KEY_SIZE, 2 * KEY_SIZE}:
        raise _not_enough()
    return RootKey(secret[:KEY_SIZE]), RootKey(secret[KEY_SIZE:]) if secret[KEY_SIZE:] else None


def _not_enough() -> KeysError:
    return KeysError(
        code="shares",
        zh="这些分片合不出密钥：数量不足、有抄错的词，或不属于同一次分片。请逐片核对；未更改任何文件。",
        en="these shares give no key: too few, a mistyped word, or shares of different sets. Check them one by "
        "one; no file was changed.",
    )
