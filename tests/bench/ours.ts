import { asId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import { openIngest } from '../../server/ingest/open-ingest.js'
import { openLive } from '../../server/live/open-live.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { serveLive } from '../support/live-server.js'

/**
 * Our ingest, hub and live behind a bare HTTP server, in a process of their own, so that what is measured is theirs alone.
 * Told by message which cameras to read; tells its address when all of them are live.
 */
process.on('message', (urls: readonly string[]) => {
  void run(urls)
})

async function run(urls: readonly string[]): Promise<void> {
  const hub = openMemoryPacketHub()
  const waiting = new Set(urls.map((_, index) => `cam-${index}`))
  const live = openLive({ hub, clock: systemClock, log: silentLog })
  const web = await serveLive(live, {})
  const ingest = await openIngest({
    hub,
    clock: systemClock,
    log: silentLog,
    ffmpeg: 'ffmpeg',
    runId: `bench:${process.pid}`,
    onSession(stream, news) {
      if (news.state === 'live' && waiting.delete(stream) && waiting.size === 0) process.send?.({ url: web.url })
    },
  })
  urls.forEach((url, index) => ingest.setStream(asId<StreamId>(`cam-${index}`), { url, transport: 'tcp' }))
}
