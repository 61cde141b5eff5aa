import { asId } from '../../server/domain/ids.js'
import { openStore } from '../../server/storage/open.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { incident } from './small-city.js'

/**
 * Writes incidents with their change lines as fast as it can, eight writers at a time, and tells each id to its parent only
 * after the store said that it is kept. Ends when killed: that is what it is for. With a third argument it writes that many
 * rows, one after the other, and ends by itself.
 */
const [url = '', run = '', rows = ''] = process.argv.slice(2)
const store = await openStore({ url, log: silentLog, clock: systemClock })

async function write(writer: number): Promise<void> {
  for (let count = 0; rows === '' || count < Number(rows); count += 1) {
    const id = `run-${run}-${writer}-${count}`
    await store.transact(async (tx) => {
      await tx.incidents.save(incident(id))
      await tx.changes.append({ topic: 'incident', entityId: asId(id), areaId: null, what: 'opened', by: null, atMs: 0, facts: {} })
    })
    process.send?.(id)
  }
}

await Promise.all(Array.from({ length: rows === '' ? 8 : 1 }, (_, writer) => write(writer)))
await store.close()
