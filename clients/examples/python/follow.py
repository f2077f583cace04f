"""Follows events, and goes on where it was after a restart. Python 3.9 or newer, its standard library alone.

SIGHTLINE_URL=https://sightline.lan SIGHTLINE_TOKEN=… python3 follow.py [POSITION_FILE]
"""

import json
import os
import random
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ.get("SIGHTLINE_URL", "http://127.0.0.1:8080")
TOKEN = os.environ.get("SIGHTLINE_TOKEN")
SILENCE_SECONDS = 45  # the server beats every 15 s


def messages(since):
    """Yields (position, message) of one connection; message is None where only the position moved."""
    query = urllib.parse.urlencode({"topic": "event", "since": since})
    request = urllib.request.Request(f"{URL}/api/v1/stream/sse?{query}")
    if TOKEN:
        request.add_header("Authorization", f"Bearer {TOKEN}")
    with urllib.request.urlopen(request, timeout=SILENCE_SECONDS) as answer:
        position, data = None, None
        for line in answer:
            text = line.decode("utf-8").rstrip("\r\n")
            if text.startswith("id: "):
                position = int(text[4:])
            elif text.startswith("data: "):
                data = json.loads(text[6:])
            elif text == "" and (position is not None or data is not None):
                yield position, data
                position, data = None, None


def stored_position(path):
    try:
        with open(path, encoding="utf-8") as file:
            return int(file.read())
    except FileNotFoundError:
        return 0  # from the oldest that is kept


def store(path, position):
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(str(position))
    os.replace(path + ".new", path)


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else "position"
    last, failures, newest = stored_position(path), 0, 0
    while True:
        try:
            for position, message in messages(last):
                kind = message["type"] if message else "beat"
                if kind == "hello":
                    newest = message["lastSeq"]
                    continue
                if kind == "subscribed":
                    continue
                if kind == "error":
                    print(message["code"], message["message"], flush=True)
                    if message["code"] == "server/since-ahead":
                        last = newest  # another store than before: its numbers begin anew
                    continue
                failures = 0
                if kind == "gap":
                    print(f"gone: {message['from']} to {message['to']}", flush=True)
                    last = message["to"]
                elif position is not None and position > last:
                    if message:
                        print(position, kind, message["camera"], message["event"]["rule"]["name"], flush=True)
                    last = position
                # After the work, not before it: what was in hand when the process died comes once more.
                store(path, last)
        except urllib.error.HTTPError as error:
            if error.code != 429 and error.code < 500:
                sys.exit(f"refused: {json.load(error)['detail']}")
        except (OSError, EOFError) as error:
            print(f"connection lost: {error}", file=sys.stderr)
        time.sleep(random.uniform(0, min(30, 0.5 * 2**failures)))
        failures += 1


try:
    main()
except KeyboardInterrupt:
    pass
