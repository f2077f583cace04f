#!/usr/bin/python3
"""Live RTSP cameras by GStreamer, on 127.0.0.1 and any free port, which is printed.

/h264   a moving ball, OpenH264, 320x180 at 25 fps, a keyframe a second
/h265   the same as HEVC, by x265
/vp8    the same as VP8 (RFC 7741)
/mjpeg  the same as JPEG over RTP (RFC 2435, which knows only multiples of 8), 320x240 at 10 fps
With arguments USER PASSWORD, both want digest authentication.
"""
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

PICTURE = "videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=320,height={height},framerate={fps}/1"
MOUNTS = {
    "/h264": PICTURE.format(height=180, fps=25)
    + " ! openh264enc gop-size=25 ! h264parse ! rtph264pay config-interval=-1 name=pay0 pt=96",
    "/h265": PICTURE.format(height=180, fps=25)
    + " ! x265enc tune=zerolatency speed-preset=ultrafast key-int-max=25 bitrate=300"
    + " ! h265parse ! rtph265pay config-interval=-1 name=pay0 pt=96",
    "/vp8": PICTURE.format(height=180, fps=25)
    + " ! vp8enc deadline=1 cpu-used=8 keyframe-max-dist=25 ! rtpvp8pay name=pay0 pt=96",
    "/mjpeg": PICTURE.format(height=240, fps=10) + " ! jpegenc ! rtpjpegpay name=pay0 pt=26",
}

Gst.init(None)
if "--check" in sys.argv:
    wanted = ["openh264enc", "rtph264pay", "x265enc", "rtph265pay", "vp8enc", "rtpvp8pay"]
    sys.exit(0 if all(Gst.ElementFactory.find(name) for name in wanted) else 1)

server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")
credentials = sys.argv[1:3]
if credentials:
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(2)  # GST_RTSP_AUTH_DIGEST
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_digest(credentials[0], credentials[1], token)
    server.set_auth(auth)
for path, launch in MOUNTS.items():
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch("( " + launch + " )")
    factory.set_shared(True)
    if credentials:
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("viewer", "media.factory.access", True)
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)
        factory.set_permissions(permissions)
    server.get_mount_points().add_factory(path, factory)
server.attach(None)
print("port", server.get_bound_port(), flush=True)
# The end of standard input is the end of the test process, however it ended.
loop = GLib.MainLoop()
GLib.io_add_watch(sys.stdin.fileno(), GLib.PRIORITY_DEFAULT, GLib.IO_HUP, lambda *_: loop.quit())
loop.run()
