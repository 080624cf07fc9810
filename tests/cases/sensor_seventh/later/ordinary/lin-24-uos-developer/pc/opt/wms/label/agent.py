#!/usr/bin/python3
# 接收 WMS 的打印任务 (http://10.20.30.2/wms), 交给 CUPS
import http.server, subprocess, sys
class H(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        d = self.rfile.read(int(self.headers["Content-Length"]))
        subprocess.run(["lp", "-d", "GP-1324D", "-o", "raw"], input=d)
        self.send_response(200); self.end_headers()
http.server.HTTPServer(("127.0.0.1", 9701), H).serve_forever()
