"""An independent RTSP peer for tests: GStreamer's server, playing clips in a loop without re-encoding, or a live picture.

One JSON document on the command line:
  {"mounts": {"/main": {"clip": "a.mp4", "fps": 25}, "/live": {"live": "320x240@15", "gop": 15}},
   "login": {"user": "u", "password": "p", "scheme": "digest"}, "transports": "tcp" | "udp" | "both"}
Prints {"port": N} on stdout when it listens on 127.0.0.1. Run it with /usr/bin/python3 (Debian's python3-gi).
"""
import json
import sys
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
gi.require_version("GstRtsp", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

Gst.init(None)
wish = json.loads(sys.argv[1])


# How each codec is parsed, what it is called between elements, and how it travels in RTP.
CODECS = {
    "h264": ("h264parse config-interval=-1", "video/x-h264,stream-format=byte-stream,alignment=au", "h264parse ! rtph264pay config-interval=-1"),
    "h265": ("h265parse config-interval=-1", "video/x-h265,stream-format=byte-stream,alignment=au", "h265parse ! rtph265pay config-interval=-1"),
    "mpeg4": ("mpeg4videoparse config-interval=-1", "video/mpeg,mpegversion=4,systemstream=false", "mpeg4videoparse ! rtpmp4vpay config-interval=1"),
    "mjpeg": ("jpegparse", "image/jpeg", "jpegparse ! rtpjpegpay"),
}


def access_units(path, codec):
    """All coded pictures of a clip (H.264 and H.265 as Annex B), with the parameter sets before each key picture."""
    parser, caps, _ = CODECS[codec]
    reader = Gst.parse_launch(f"filesrc name=f ! qtdemux ! {parser} ! {caps} ! appsink name=s sync=false")
    reader.get_by_name("f").set_property("location", path)
    sink = reader.get_by_name("s")
    reader.set_state(Gst.State.PLAYING)
    units = []
    while True:
        sample = sink.emit("pull-sample")
        if sample is None:
            break
        unit = sample.get_buffer()
        ok, mapped = unit.map(Gst.MapFlags.READ)
        units.append((bytes(mapped.data), not unit.has_flags(Gst.BufferFlags.DELTA_UNIT)))
        unit.unmap(mapped)
    reader.set_state(Gst.State.NULL)
    if not units:
        sys.exit("no " + codec + " pictures in " + path)
    return units


class ClipFactory(GstRtspServer.RTSPMediaFactory):
    """Pushes the pictures of one clip, or of several after each other in one session, at their rate, for ever; starts on a key picture."""

    def __init__(self, paths, fps, codec="h264"):
        super().__init__()
        self.units, self.fps = [unit for path in paths for unit in access_units(path, codec)], fps
        _, caps, pay = CODECS[codec]
        # JPEG needs to be told its rate; the parsed codecs find theirs.
        caps += f",framerate={fps}/1" if codec == "mjpeg" else ""
        self.set_launch(f"( appsrc name=src is-live=true format=time do-timestamp=false caps={caps} ! {pay} name=pay0 pt={26 if codec == 'mjpeg' else 96} )")
        self.connect("media-configure", self.configure)

    def configure(self, _factory, media):
        source = media.get_element().get_by_name("src")
        period = Gst.SECOND // self.fps
        at = {"n": 0, "alive": True, "start": GLib.get_monotonic_time()}

        def push():
            if not at["alive"]:
                return False
            due = (GLib.get_monotonic_time() - at["start"]) * self.fps // 1_000_000
            # After a freeze go on from now, as a camera does, instead of sending the past in a burst.
            if due - at["n"] > 2 * self.fps:
                at["start"] += (due - at["n"]) * 1_000_000 // self.fps
                due = at["n"]
            while at["n"] <= due:
                payload, key = self.units[at["n"] % len(self.units)]
                buffer = Gst.Buffer.new_wrapped(payload)
                buffer.pts = buffer.dts = at["n"] * period
                buffer.duration = period
                if not key:
                    buffer.set_flags(Gst.BufferFlags.DELTA_UNIT)
                if source.emit("push-buffer", buffer) != Gst.FlowReturn.OK:
                    return True
                at["n"] += 1
            return True

        def stop(_media):
            at["alive"] = False

        media.connect("unprepared", stop)
        GLib.timeout_add(max(5, 1000 // self.fps // 2), push)


class BarcodeFactory(GstRtspServer.RTSPMediaFactory):
    """A live picture that carries the wall time of its drawing, in ms, as black and white bars: 24 bits, then 4 to check them."""

    BAR, ROWS = 20, 40

    def __init__(self, size, fps, gop):
        super().__init__()
        self.width, self.height = size
        self.fps = fps
        self.set_launch(
            f"( appsrc name=src is-live=true format=time do-timestamp=true caps=video/x-raw,format=I420,width={self.width},height={self.height},framerate={fps}/1"
            f" ! x264enc tune=zerolatency sliced-threads=false threads=1 speed-preset=ultrafast key-int-max={gop} bitrate=1000 ! video/x-h264,profile=baseline,alignment=au ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )"
        )
        slope = bytes(range(64, 192)) * (self.width // 128 + 2)
        self.slopes = [slope[shift : shift + self.width] for shift in range(128)]
        self.colour = b"\x80" * (self.width * self.height // 2)
        self.connect("media-configure", self.configure)

    def draw(self, n):
        ms = int(time.time() * 1000) & 0xFFFFFF
        check = 10
        for nibble in range(6):
            check ^= (ms >> (4 * nibble)) & 15
        bits = (ms << 4) | check
        row = b"".join((b"\xeb" if bits >> (27 - bar) & 1 else b"\x10") * self.BAR for bar in range(28))
        row += b"\x80" * (self.width - len(row))
        return row * self.ROWS + self.slopes[n % 128] * (self.height - self.ROWS) + self.colour

    def configure(self, _factory, media):
        source = media.get_element().get_by_name("src")
        at = {"n": 0, "alive": True}

        def push():
            if at["alive"]:
                source.emit("push-buffer", Gst.Buffer.new_wrapped(self.draw(at["n"])))
                at["n"] += 1
            return at["alive"]

        media.connect("unprepared", lambda _media: at.update(alive=False))
        GLib.timeout_add(1000 // self.fps, push)


class Server(GstRtspServer.RTSPServer):
    def __init__(self):
        super().__init__()
        self.set_address(wish.get("address", "127.0.0.1"))
        self.set_service(str(wish.get("port", 0)))
        protocols = {
            "tcp": GstRtsp.RTSPLowerTrans.TCP,
            "udp": GstRtsp.RTSPLowerTrans.UDP,
            "both": GstRtsp.RTSPLowerTrans.TCP | GstRtsp.RTSPLowerTrans.UDP,
        }[wish.get("transports", "both")]
        for path, mount in wish["mounts"].items():
            if "clip" in mount:
                factory = ClipFactory(mount["clip"] if isinstance(mount["clip"], list) else [mount["clip"]], mount.get("fps", 25), mount.get("codec", "h264"))
            elif "barcode" in mount:
                size, rate = mount["barcode"].split("@")
                factory = BarcodeFactory([int(side) for side in size.split("x")], int(rate), mount.get("gop", 50))
            else:
                size, rate = mount["live"].split("@")
                width, height = size.split("x")
                encoder = mount.get("encoder", f"x264enc tune=zerolatency sliced-threads=false threads=1 speed-preset=ultrafast key-int-max={mount.get('gop', 15)} bitrate=300 ! video/x-h264,profile=baseline,alignment=au ! h264parse ! rtph264pay")
                factory = GstRtspServer.RTSPMediaFactory()
                # A tone as cameras send sound: G.711, 8 kHz.
                tone = f" audiotestsrc is-live=true wave=sine freq={mount['tone']} volume=0.5 ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8" if "tone" in mount else ""
                factory.set_launch(
                    f"( videotestsrc is-live=true pattern=ball ! video/x-raw,width={width},height={height},framerate={rate}/1,format=I420 ! {encoder} name=pay0 pt=96{tone} )"
                )
            # Shared, a picture that is played alone holds its sound back from whoever comes later; cameras do not.
            factory.set_shared("tone" not in mount)
            factory.set_protocols(protocols)
            if "login" in wish:
                permissions = GstRtspServer.RTSPPermissions()
                permissions.add_permission_for_role("viewer", "media.factory.access", True)
                permissions.add_permission_for_role("viewer", "media.factory.construct", True)
                factory.set_permissions(permissions)
            self.get_mount_points().add_factory(path, factory)
        if "login" in wish:
            self.ask_login(wish["login"])

    def ask_login(self, login):
        auth = GstRtspServer.RTSPAuth()
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "viewer")
        if login.get("scheme", "digest") == "digest":
            auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
            auth.add_digest(login["user"], login["password"], token)
        else:
            auth.set_supported_methods(GstRtsp.RTSPAuthMethod.BASIC)
            auth.add_basic(GstRtspServer.RTSPAuth.make_basic(login["user"], login["password"]), token)
        self.set_auth(auth)


server = Server()
server.attach(None)
print(json.dumps({"port": server.get_bound_port()}), flush=True)
GLib.MainLoop().run()
