"""One dot a bit: the packed form that every file and printer language starts from."""

import numpy as np
from numpy.typing import NDArray

from waybillguard.label.errors import LabelContentError


def packed(bitmap: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return uint8 (height, width / 8), the leftmost dot in the highest bit, 1 = black.

    The width of every ``Drawn`` is a multiple of 8; anything else is refused, for a row must be whole bytes.
    """
    height, width = bitmap.shape
    if width % 8:
        raise LabelContentError.of("bitmap", "宽度须为 8 的倍数", "its width must be a multiple of 8 dots")
    # The flat array packs faster than an axis does, and to the same bits where rows are whole bytes.
    return np.packbits(np.ascontiguousarray(bitmap).reshape(-1)).reshape(height, width // 8)
