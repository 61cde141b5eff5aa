import { headerOf, type RtspMessage } from '../../server/ingest/rtsp-message.js'
import { rewriteAnswer, toCamera, toGate, videoCodecsOf } from '../../server/ingest/rtsp-rewrite.js'

const PAIR = { gate: 'rtsp://127.0.0.1:4000/TOKEN', camera: 'rtsp://10.0.0.5:8554/cam/realmonitor?channel=1&subtype=0' }

test.each([
  ['rtsp://127.0.0.1:4000/TOKEN', 'rtsp://10.0.0.5:8554/cam/realmonitor?channel=1&subtype=0'],
  ['rtsp://127.0.0.1:4000/TOKEN/cam/realmonitor?channel=1&subtype=0/trackID=1', 'rtsp://10.0.0.5:8554/cam/realmonitor?channel=1&subtype=0/trackID=1'],
  ['*', '*'],
  ['rtsp://elsewhere/', 'rtsp://10.0.0.5:8554/cam/realmonitor?channel=1&subtype=0'],
])('asked of the gate: %s', (uri, camera) => {
  expect(toCamera(uri, PAIR)).toBe(camera)
})

test.each([
  ['rtsp://10.0.0.5:8554/cam/x/', 'rtsp://127.0.0.1:4000/TOKEN/cam/x/'],
  ['rtsp://192.168.1.108/cam/x/', 'rtsp://127.0.0.1:4000/TOKEN/cam/x/'],
  ['trackID=1', 'trackID=1'],
  ['*', '*'],
])('named by the camera, whatever host it believes to have: %s', (uri, gate) => {
  expect(toGate(uri, PAIR)).toBe(gate)
})

const answer = (headers: readonly (readonly [string, string])[], body = ''): RtspMessage => ({ startLine: 'RTSP/1.0 200 OK', headers, body: Buffer.from(body) })

test('every address in a description is turned to the gate', () => {
  const sdp = 'v=0\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=control:rtsp://192.168.1.108:554/cam/trackID=0\r\nm=audio 0 RTP/AVP 8\r\na=control:trackID=1\r\n'
  const turned = rewriteAnswer(answer([['Content-Base', 'rtsp://192.168.1.108/cam/']], sdp), PAIR, { describe: true, peer: '10.0.0.5' })
  expect(headerOf(turned, 'content-base')).toBe('rtsp://127.0.0.1:4000/TOKEN/cam/')
  expect(turned.body.toString()).toBe(sdp.replace('rtsp://192.168.1.108:554', 'rtsp://127.0.0.1:4000/TOKEN'))
})

test('a description without a base gets one, so that track names stand behind the path of the camera', () => {
  const turned = rewriteAnswer(answer([]), PAIR, { describe: true, peer: null })
  expect(headerOf(turned, 'content-base')).toBe('rtsp://127.0.0.1:4000/TOKEN/cam/realmonitor?channel=1&subtype=0/')
})

test('over UDP the answer names the camera as the source, so that reports reach it', () => {
  const udp = rewriteAnswer(answer([['Transport', 'RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001']]), PAIR, { describe: false, peer: '10.0.0.5' })
  expect(headerOf(udp, 'transport')).toBe('RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001;source=10.0.0.5')
  const tcp = answer([['Transport', 'RTP/AVP/TCP;unicast;interleaved=0-1']])
  expect(rewriteAnswer(tcp, PAIR, { describe: false, peer: '10.0.0.5' })).toEqual(tcp)
})

test.each([
  ['H.264 beside audio', 'm=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n', ['H264']],
  ['H.265', 'm=video 0 RTP/AVP 98\r\na=rtpmap:98 H265/90000\r\n', ['H265']],
  ['JPEG by its static type', 'm=video 0 RTP/AVP 26\r\n', ['JPEG']],
  ['sound only', 'm=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n', []],
  ['metadata is no video', 'm=application 0 RTP/AVP 107\r\na=rtpmap:107 vnd.onvif.metadata/90000\r\n', []],
])('codecs: %s', (_, sdp, codecs) => {
  expect(videoCodecsOf(sdp)).toEqual(codecs)
})
