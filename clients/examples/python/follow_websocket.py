"""Follows events and the boxes of every analysed picture over the WebSocket. Needs the package `websockets` (Debian: python3-websockets).

SIGHTLINE_URL=https://sightline.lan SIGHTLINE_TOKEN=… python3 follow_websocket.py
"""

import asyncio
import inspect
import json
import os

import websockets

URL = os.environ.get("SIGHTLINE_URL", "http://127.0.0.1:8080")
TOKEN = os.environ.get("SIGHTLINE_TOKEN")
# `websockets` calls it additional_headers from version 14 on.
HEADERS = "additional_headers" if "additional_headers" in inspect.signature(websockets.connect).parameters else "extra_headers"


async def main():
    last = 0
    headers = {"Authorization": f"Bearer {TOKEN}"} if TOKEN else {}
    address = URL.replace("http", "ws", 1) + "/api/v1/stream"
    while True:
        try:
            async with websockets.connect(address, subprotocols=["sightline.v1"], **{HEADERS: headers}) as socket:
                wish = {"type": "subscribe", "cameras": "*", "topics": ["event", "frame"], "since": last}
                await socket.send(json.dumps(wish))
                async for text in socket:
                    message = json.loads(text)
                    if message["type"] == "frame":
                        print("frame", message["camera"], len(message["objects"]), flush=True)
                    elif message["type"] == "gap":
                        last = message["to"]
                    elif "seq" in message:
                        print(message["seq"], message["type"], message["camera"], flush=True)
                        last = message["seq"]
        except (OSError, websockets.ConnectionClosed):
            pass
        await asyncio.sleep(1)


asyncio.run(main())
