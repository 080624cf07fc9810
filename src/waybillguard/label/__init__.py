"""Layout, raster, printer languages, codes and checks of parcel labels (快递电子运单).

Promise: a label that shows more than GB/T 41833-2022 allows is not released.
"""
