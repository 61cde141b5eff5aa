import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { startChild } from '../../server/system/child.js'
import { pssMbOf, treeOf } from './process-tree.js'

/** What the page tells of itself, every few seconds, after it collected its garbage. */
export interface PageTold {
  readonly playing: number
  readonly swapped: number
  readonly videos: number
  readonly heapBytes: number
}

export interface QuietPage {
  /** The newest, or null before the first. */
  told(): PageTold | null
  /** Proportional set size of the page's process. */
  pssMb(): number
  close(): Promise<void>
}

/** Runs in the page. `gc` and exact figures of the heap come by flags below; the picture that is asked for carries the words. */
export const TELL = `(to) => setInterval(() => { gc(); const { playing, swapped, videos } = window.counts(); new Image().src = to + '?' + new URLSearchParams({ playing, swapped, videos, heapBytes: performance.memory.usedJSHeapSize, n: Math.random() }) }, 3000)`

/**
 * A page in a Chromium that nobody debugs. Whoever follows a page's network by its debugger, as Playwright does, makes Chromium
 * keep the bodies of answers in the page's process: with nine playing tiles 60 MB a minute, measured as the page's own.
 */
export async function openQuietPage(folder: string, address: (tellTo: string) => string): Promise<QuietPage> {
  let told: PageTold | null = null
  const ear = createServer((request, response) => {
    const facts = new URL(request.url ?? '/', 'http://here').searchParams
    const of = (name: keyof PageTold): number => Number(facts.get(name))
    told = { playing: of('playing'), swapped: of('swapped'), videos: of('videos'), heapBytes: of('heapBytes') }
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => ear.listen(0, '127.0.0.1', resolve))
  const url = address(`http://127.0.0.1:${(ear.address() as AddressInfo).port}/told`)
  const args = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--mute-audio', '--autoplay-policy=no-user-gesture-required', '--enable-precise-memory-info', '--js-flags=--expose-gc', `--user-data-dir=${folder}`, '--window-size=1920,1080', url]
  const browser = startChild('/usr/bin/chromium', args, { runId: `bench-wall:${process.pid}` })
  browser.stdout.resume()
  browser.stderr.resume()
  return {
    told: () => told,
    // The renderer that holds the page is the largest; all others are empty.
    pssMb: () => Math.max(0, ...treeOf(browser.pid ?? 0).filter((pid) => readFileOf(`/proc/${pid}/cmdline`).includes('--type=renderer')).map((pid) => pssMbOf([pid]))),
    async close() {
      const ended = new Promise((resolve) => browser.once('exit', resolve))
      if (browser.exitCode === null && browser.kill('SIGTERM')) await ended
      ear.closeAllConnections()
      await new Promise<void>((resolve) => ear.close(() => resolve()))
    },
  }
}

function readFileOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return '' // It ended while we looked.
  }
}
