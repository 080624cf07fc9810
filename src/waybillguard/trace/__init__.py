"""Where a leak came from: common node, account, station, window.

Not built yet; its promise: a lead past three guards, or an honest "not in our log".
"""
