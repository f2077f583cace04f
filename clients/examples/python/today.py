"""Lists today's events of a camera, page by page, newest first. The standard library alone.

SIGHTLINE_URL=https://sightline.lan SIGHTLINE_TOKEN=… python3 today.py CAMERA
"""

import datetime
import json
import os
import sys
import urllib.parse
import urllib.request

URL = os.environ.get("SIGHTLINE_URL", "http://127.0.0.1:8080")
TOKEN = os.environ.get("SIGHTLINE_TOKEN")


def get(path, query):
    request = urllib.request.Request(f"{URL}{path}?{urllib.parse.urlencode(query)}")
    if TOKEN:
        request.add_header("Authorization", f"Bearer {TOKEN}")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


midnight = datetime.datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
query = {"camera": sys.argv[1], "from": midnight.isoformat(), "limit": 100}
while True:
    page = get("/api/v1/events", query)
    for view in page["events"]:
        event = view["event"]
        print(event["startedAt"], event["id"], event["rule"]["name"], event.get("label", ""))
    if "next" not in page:
        break
    query["cursor"] = page["next"]
