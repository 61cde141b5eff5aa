import { withNews } from '../../player/api/camera-news.js'
import type { CameraView, StreamView } from '../../server/contract/cameras.js'

const stream = (id: string, stateSinceMs: number): StreamView => ({ id, role: 'main', codec: 'h264', width: 1, height: 1, fps: 1, state: 'live', stateSinceMs, trouble: null, playing: 'as_sent', clockRate: null, playlist: '', newestAtMs: null })
const cameras = [{ id: 'a', streams: [stream('a-main', 100), stream('a-sub', 100)] }, { id: 'b', streams: [stream('b-main', 100)] }] as unknown as readonly CameraView[]
const states = (list: readonly CameraView[]): string[] => list.flatMap((camera) => camera.streams.map((one) => `${one.id} ${one.state}`))

test('news changes the one stream it names', () => {
  expect(states(withNews(cameras, { cameraId: 'a', streamId: 'a-sub', state: 'stalled', stateSinceMs: 200, trouble: null, codec: 'h264', playing: 'as_sent' }))).toEqual(['a-main live', 'a-sub stalled', 'b-main live'])
})
test('news that comes late changes nothing', () => {
  expect(states(withNews(cameras, { cameraId: 'a', streamId: 'a-sub', state: 'stalled', stateSinceMs: 50, trouble: null, codec: 'h264', playing: 'as_sent' }))).toEqual(states(cameras))
})
test('news of a camera that is not ours changes nothing', () => {
  expect(withNews(cameras, { cameraId: 'z', streamId: 'z-main', state: 'off', stateSinceMs: 900, trouble: null, codec: 'h264', playing: 'as_sent' })).toEqual(cameras)
})
test('the trouble of the last try stands while the camera is tried again, and ends with a picture', () => {
  const trouble = { code: 'auth', state: { vi: 'x', en: 'x' }, next: { vi: 'x', en: 'x' }, tried: '', on: '', said: '' }
  const say = (list: readonly CameraView[], state: StreamView['state'], stateSinceMs: number, about: typeof trouble | null) => withNews(list, { cameraId: 'b', streamId: 'b-main', state, stateSinceMs, trouble: about, codec: 'h264', playing: 'as_sent' })
  const failed = say(cameras, 'waiting', 200, trouble)
  const again = say(failed, 'connecting', 300, null)
  expect(again[1]?.streams[0]?.trouble).toEqual(trouble)
  expect(say(again, 'live', 400, null)[1]?.streams[0]?.trouble).toBeNull()
})

test('a stream that is transcoded from now on says so, and keeps its codec while a new session has none yet', () => {
  const sent = withNews(cameras, { cameraId: 'b', streamId: 'b-main', state: 'live', stateSinceMs: 200, trouble: null, codec: 'hvc1.1.6.L93.90', playing: 'transcoded' })
  expect(sent[1]?.streams[0]).toMatchObject({ codec: 'hvc1.1.6.L93.90', playing: 'transcoded' })
  expect(withNews(sent, { cameraId: 'b', streamId: 'b-main', state: 'connecting', stateSinceMs: 300, trouble: null, codec: null, playing: 'transcoded' })[1]?.streams[0]).toMatchObject({ codec: 'hvc1.1.6.L93.90', state: 'connecting' })
})
