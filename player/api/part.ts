import { rejoinMs } from '../live/tile-state.js'

/** When this tab was read anew last, and how often in a row. */
const KEPT = 'vonglau.read_anew'
/** A page that stood for so long was read well: what fails after that is another failure. */
const STOOD_MS = 60_000

let readingAnew = false

/**
 * A part of the player that comes in a file of its own. Files are named after their content: one that does not come was cut off,
 * or belongs to a server that has been renewed since. A wall that nobody sits at must get over both, so the page is read anew as
 * soon as the server answers; asking again in place would not do, browsers remember that a module failed. Never rejects.
 */
export async function part<T>(loading: Promise<T>): Promise<T> {
  try {
    return await loading
  } catch (fault) {
    console.warn('a part of the player did not come; the page is read anew', fault)
    void readAnew()
    return new Promise(() => undefined)
  }
}

/** Waits longer each time, so that a part that never comes costs the server nothing. */
async function readAnew(): Promise<void> {
  if (readingAnew) return
  readingAnew = true
  const [atMs = 0, before = 0] = (window.sessionStorage.getItem(KEPT) ?? '').split(' ').map(Number)
  for (let times = Date.now() - atMs < STOOD_MS ? before + 1 : 1; ; times += 1) {
    await new Promise((done) => window.setTimeout(done, rejoinMs(times, Math.random())))
    const answer = await fetch('/', { method: 'HEAD', cache: 'no-store' }).catch(() => null)
    if (!answer?.ok) continue
    window.sessionStorage.setItem(KEPT, `${Date.now()} ${times}`)
    return window.location.reload()
  }
}
