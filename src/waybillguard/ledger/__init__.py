"""The tamper-evident record of every look (每次查看的防篡改记录).

Promise: an acknowledged entry survives any crash of the process, and no one, the owner included, can
change or drop a witnessed one unseen.
"""
