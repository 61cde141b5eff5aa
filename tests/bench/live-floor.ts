import type { ServerResponse } from 'node:http'
import { copyArgs, sourceAddress } from '../../server/media/ffmpeg-args.js'
import { startChild } from '../../server/system/child.js'

/**
 * The least delay that a browser can have without WebRTC: ffmpeg's fragments, one picture each, over one answer into Media
 * Source Extensions, played at the end of the buffer. No list, no parts, no stream that another could join.
 */
export function serveFloor(camera: string, response: ServerResponse): void {
  const address = sourceAddress(camera)
  if ('fault' in address) return void response.writeHead(500).end(address.fault)
  const child = startChild('ffmpeg', copyArgs({ address: address.ok, transport: 'tcp', probe: 'quick' }), { runId: `bench:${process.pid}` })
  child.stderr.resume()
  response.writeHead(200, { 'content-type': 'video/mp4', 'cache-control': 'no-store' })
  child.stdout.pipe(response)
  response.on('close', () => child.kill('SIGKILL'))
}

/** Starts at the newest picture, and goes back to the end of the buffer when it is more than a quarter second behind. */
export function floorPage(reader: string): string {
  return `<script>${reader}
    const source = new MediaSource(), queue = []
    video.src = URL.createObjectURL(source)
    source.addEventListener('sourceopen', async () => {
      const buffer = source.addSourceBuffer('video/mp4; codecs="avc1.640028"')
      buffer.mode = 'segments'
      const end = () => video.buffered.length ? video.buffered.end(video.buffered.length - 1) : 0
      const next = () => { if (!buffer.updating && queue.length) buffer.appendBuffer(queue.shift()) }
      buffer.addEventListener('updateend', () => {
        if (video.buffered.length && (video.paused || end() - video.currentTime > 0.25)) { video.currentTime = Math.max(video.buffered.start(0), end() - 0.05); void video.play() }
        next()
      })
      const pieces = (await fetch('/floor.mp4')).body.getReader()
      for (;;) {
        const { done, value } = await pieces.read()
        if (done) return
        queue.push(value)
        next()
      }
    })
  </script>`
}
