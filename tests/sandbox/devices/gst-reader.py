"""Plays an RTSP address with GStreamer's rtspsrc and prints one line for each decoded picture: its time in milliseconds."""
import sys
import gi
gi.require_version('Gst', '1.0')
from gi.repository import Gst

url, user, password, protocols, wanted = sys.argv[1:6]
Gst.init(None)
pipeline = Gst.parse_launch('rtspsrc name=camera latency=50 ! rtph264depay ! h264parse ! avdec_h264 ! fakesink name=sink signal-handoffs=true sync=false')
camera = pipeline.get_by_name('camera')
for name, value in (('location', url), ('user-id', user), ('user-pw', password)):
    camera.set_property(name, value)
Gst.util_set_object_arg(camera, 'protocols', protocols)
seen = 0


def picture(_sink, buffer, _pad):
    global seen
    seen += 1
    print(buffer.pts // Gst.MSECOND, flush=True)
    if seen == int(wanted):
        pipeline.post_message(Gst.Message.new_eos(pipeline))


pipeline.get_by_name('sink').connect('handoff', picture)
pipeline.set_state(Gst.State.PLAYING)
message = pipeline.get_bus().timed_pop_filtered(10 * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
if message and message.type == Gst.MessageType.ERROR:
    print(message.parse_error().debug, file=sys.stderr)
pipeline.set_state(Gst.State.NULL)
sys.exit(0 if message and seen >= int(wanted) else 1)
