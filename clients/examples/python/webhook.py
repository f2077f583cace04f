"""Receives webhooks, checks their signatures, and prints each message once. The standard library alone.

SIGHTLINE_WEBHOOK_SECRET=… python3 webhook.py [PORT]
"""

import hashlib
import hmac
import http.server
import json
import os
import sys
import time

SECRET = os.environ["SIGHTLINE_WEBHOOK_SECRET"].encode()
AGE_SECONDS_MAX = 300
BODY_BYTES_MAX = 1024 * 1024
last_seq = 0  # a real receiver stores it with what it makes of the message


def is_signed(header, body):
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    moment = parts.get("t", "")
    if not moment.isdigit() or abs(time.time() - int(moment)) > AGE_SECONDS_MAX:
        return False
    expected = hmac.new(SECRET, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parts.get("v1", ""))


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global last_seq
        length = int(self.headers.get("Content-Length", "0"))
        if length > BODY_BYTES_MAX:
            return self.answer(413)
        body = self.rfile.read(length)
        if not is_signed(self.headers.get("Sightline-Signature", ""), body):
            return self.answer(401)
        message = json.loads(body)
        # At least once, in order: what came before is a repetition.
        if message["seq"] > last_seq:
            print(message["seq"], message["type"], message["camera"], flush=True)
            last_seq = message["seq"]
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Receiver)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
