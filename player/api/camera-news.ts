import type { CameraView } from '../../server/contract/cameras.js'
import type { CameraNews } from '../../server/contract/socket.js'

/** The list with one stream's new state; news older than what is known changes nothing. */
export function withNews(cameras: readonly CameraView[], news: CameraNews): readonly CameraView[] {
  return cameras.map((camera) => {
    if (camera.id !== news.cameraId) return camera
    const streams = camera.streams.map((stream) => (stream.id === news.streamId && news.stateSinceMs >= stream.stateSinceMs ? { ...stream, state: news.state, stateSinceMs: news.stateSinceMs, trouble: troubleAfter(stream, news), codec: news.codec ?? stream.codec, playing: news.playing } : stream))
    return { ...camera, streams }
  })
}

/** While a camera is tried again its last trouble still stands; only a picture ends it. */
function troubleAfter(stream: CameraView['streams'][number], news: CameraNews): CameraNews['trouble'] {
  return news.trouble ?? (news.state === 'connecting' ? stream.trouble : null)
}
