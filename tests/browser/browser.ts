import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path)) ?? null
export const hasChromium = CHROMIUM !== null

export interface OpenedBrowser {
  readonly page: Page
  /** What the page complained of: uncaught errors and policy violations. Favicons and the like do not count. */
  readonly complaints: string[]
  close(): Promise<void>
}

/** A fresh Chromium with nothing of yesterday in it, silent towards its maker's hosts. */
export async function openBrowser(size = { width: 1920, height: 1080 }): Promise<OpenedBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'vonglau-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM!,
    headless: true,
    viewport: size,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'],
  })
  const page = context.pages()[0] ?? (await context.newPage())
  const complaints: string[] = []
  page.on('pageerror', (fault) => complaints.push(fault.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(message.text())) complaints.push(message.text())
  })
  page.setDefaultTimeout(30_000)
  return {
    page,
    complaints,
    async close() {
      await context.close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}

/** Asks the page until the expression is true. Playwright's own waiting evaluates inside the page, which our policy forbids. */
export async function eventually(page: Page, expression: string, withinMs = 60_000): Promise<void> {
  const endMs = Date.now() + withinMs
  while (!(await page.evaluate<boolean>(expression))) {
    if (Date.now() > endMs) throw new Error(`never came true in the page: ${expression}`)
    await page.waitForTimeout(100)
  }
}
