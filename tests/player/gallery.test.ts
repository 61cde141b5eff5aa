import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { hasChromium, openBrowser, type OpenedBrowser } from '../browser/browser.js'
import { ROOT } from '../house/sources.js'

/** Every component in every state, in a real browser, under the server's own content policy, with no server behind it. */
const player = join(ROOT, 'dist/player')
const possible = hasChromium && existsSync(join(player, 'gallery.html'))
const check = possible ? test : test.skip
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' }
const POLICY = "default-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'"

let files: Server
let browser: OpenedBrowser
const outside: string[] = []

beforeAll(async () => {
  if (!possible) return
  files = createServer((request, response) => {
    const path = join(player, normalize(new URL(request.url ?? '/', 'http://here').pathname))
    if (!path.startsWith(player) || !existsSync(path) || !extname(path)) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', 'content-security-policy': POLICY }).end(readFileSync(path))
  })
  await new Promise<void>((listening) => files.listen(0, '127.0.0.1', listening))
  const home = `http://127.0.0.1:${(files.address() as AddressInfo).port}`
  browser = await openBrowser({ width: 2000, height: 1200 })
  browser.page.on('request', (request) => {
    if (!request.url().startsWith(home) && !/^(data|blob):/.test(request.url())) outside.push(request.url())
  })
  await browser.page.goto(`${home}/gallery.html`)
  await browser.page.waitForSelector('.half[data-theme=light] [data-cell]')
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await new Promise<void>((closed) => (files ? files.close(() => closed()) : closed()))
})

/** Runs in the page. Strings, because the policy of the page forbids what Playwright would otherwise compile there. */
const cells = (ask: string): string => `[...document.querySelectorAll('[data-cell]')].map((cell) => { const name = cell.closest('[data-theme]').dataset.theme + ': ' + cell.dataset.cell; ${ask} }).flat()`

check('every state of every component stands there in both themes, and none is empty', async () => {
  const seen = await browser.page.evaluate<[string, number][]>(cells(`return [[name, cell.getBoundingClientRect().height]]`))
  expect(seen.filter(([, height]) => height < 20)).toEqual([])
  const names = (theme: string): string[] => seen.filter(([name]) => name.startsWith(theme)).map(([name]) => name.slice(theme.length))
  expect(names('dark').length).toBeGreaterThan(90)
  expect(names('light')).toEqual(names('dark'))
})

check('a tile is there in every state it can have', async () => {
  const states = await browser.page.evaluate<string[]>(`[...new Set([...document.querySelectorAll('[data-tile]')].map((tile) => tile.dataset.state))].sort()`)
  expect(states).toEqual(['behind', 'empty', 'joining', 'locked', 'lost', 'off', 'playing', 'still', 'waiting'])
})

check('nothing is asked of anyone else, and nothing breaks the content policy', () => {
  expect(outside).toEqual([])
  expect(browser.complaints).toEqual([])
})

// A word over a picture has its own dark plate or outline, which computed styles do not tell; those were chosen by eye.
const CONTRAST = `
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number)
  const light = ([r, g, b]) => { const part = (v) => { const s = v / 255; return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4 }; return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b) }
  const behind = (element) => { for (let at = element; at; at = at.parentElement) { const c = parse(getComputedStyle(at).backgroundColor); if (c.length === 3 || c[3] === 1) return c } return [255, 255, 255] }
  return [...cell.querySelectorAll('*')].filter((one) => !one.closest('svg, .frame, .unseen') && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()) && one.getClientRects().length).map((one) => {
    const [a, b] = [light(parse(getComputedStyle(one).color)), light(behind(one))].sort((x, y) => y - x)
    return { name, text: one.textContent.slice(0, 40), ratio: Math.round(((a + 0.05) / (b + 0.05)) * 100) / 100 }
  })`

check('every word can be read: contrast 4.5 or more (WCAG 2.2, 1.4.3)', async () => {
  const words = await browser.page.evaluate<{ name: string; text: string; ratio: number }[]>(cells(CONTRAST))
  expect(words.length).toBeGreaterThan(500)
  expect(words.filter(({ ratio }) => ratio < 4.5)).toEqual([])
})

check('every picture that carries meaning has a name for those who cannot see it', async () => {
  const nameless = await browser.page.evaluate<string[]>(cells(`return [...cell.querySelectorAll('svg')].filter((svg) => !svg.getAttribute('aria-label') && svg.getAttribute('aria-hidden') !== 'true').map((svg) => name + ' ' + svg.outerHTML.slice(0, 80))`))
  expect(nameless).toEqual([])
})

check('every button says what it does', async () => {
  const silent = await browser.page.evaluate<string[]>(cells(`return [...cell.querySelectorAll('button, a')].filter((one) => !(one.textContent.trim() || one.getAttribute('aria-label'))).map((one) => name + ' ' + one.outerHTML.slice(0, 80))`))
  expect(silent).toEqual([])
})
