"""Normalises text before the rules judge it: width, stars, dashes, numerals."""

import unicodedata
from typing import Final

# Signs that labels print for a hidden character.
_STARS: Final = "✱✲✳★☆﹡∗⁎×●■□○◯◎※█▇▉✽"
_DASHES: Final = "—–−―‐‑‒~〜_"
# Traditional characters that occur in addresses and surnames.
_TRADITIONAL: Final = dict(
    zip(
        "樓號區棟層單戶鋪莊縣鎮鄉東門廈園場灣龍鐵電陳張劉黃楊趙吳孫馬鄭謝許韓馮鄧蕭葉蘇呂"
        "盧鍾鐘譚陸賈韋鄒龔萬錢嚴賀顧湯聶魯齊喬龐顏關蘭紀畢饒連歐陽馮",
        "楼号区栋层单户铺庄县镇乡东门厦园场湾龙铁电陈张刘黄杨赵吴孙马郑谢许韩冯邓萧叶苏吕"
        "卢钟钟谭陆贾韦邹龚万钱严贺顾汤聂鲁齐乔庞颜关兰纪毕饶连欧阳冯",
        strict=True,
    )
)
_FOLD: Final = str.maketrans(
    {
        **_TRADITIONAL,
        **dict.fromkeys(_STARS, "*"),
        **dict.fromkeys(_DASHES, "-"),
        "\u200b": None,
        "\ufeff": None,
    }
)
_NUMERALS: Final = str.maketrans(
    "〇零○一二三四五六七八九壹贰叁肆伍陆柒捌玖幺两", "000123456789123456789" + "12"
)
_SPACES: Final = str.maketrans("", "", " \t\u3000\n")
HAN: Final = "\u3400-\u9fff\U00020000-\U0003ffff"
"""Chinese characters, for use inside a character class."""
LIKE_STARS: Final = "大太火木本女米六水末未朱宗半平"
"""Characters that OCR reads for a star."""


def fold(text: str) -> str:
    """Return the text with compatibility forms as plain ones, every hiding sign as ``*`` and every dash as ``-``."""
    return unicodedata.normalize("NFKC", text).translate(_FOLD)


def tight(text: str) -> str:
    """Return a folded text without spaces, because spaces hide nothing."""
    return text.translate(_SPACES)


def digits_of(text: str) -> str:
    """Return a folded text with each Chinese digit as an Arabic one (not 十, 百)."""
    return text.translate(_NUMERALS)
