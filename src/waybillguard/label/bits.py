"""Packs a bitmap to one bit per dot, the input of every file format and printer language."""

import numpy as np
from numpy.typing import NDArray

from waybillguard.label.errors import LabelContentError


def packed(bitmap: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return uint8 (height, width / 8), the leftmost dot in the highest bit, 1 = black.

    The width must be a multiple of 8, as it is in every ``Drawn``, because a row has to be whole bytes.
    """
    height, width = bitmap.shape
    if width % 8:
        raise LabelContentError.of("bitmap", "宽度须为 8 的倍数", "its width must be a multiple of 8 dots")
    # Packing the flat array is faster than packing along an axis; the bits are the same because rows are whole bytes.
    return np.packbits(np.ascontiguousarray(bitmap).reshape(-1)).reshape(height, width // 8)
