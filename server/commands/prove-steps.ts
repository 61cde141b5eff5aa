import { readFile } from 'node:fs/promises'
import type { AlertView } from '../contract/alerts.js'
import type { Announced } from './prove-city.js'
import type { DeskClient } from './desk-client.js'
import { parseTruth } from './judge-truth.js'
import { atLeast, equals, type Figure } from './figures.js'
import { pause, type Clock } from '../system/clock.js'

/** How far from the truth's time an alert may open and still be that event's: the rule must see it happen, and say so. */
const SEEN_AS = { beforeMs: 2_000, afterMs: 6_000 } as const

/** Discovery finds every virtual camera; the list shows each with a live main and sub stream. */
export async function proveCameras(admin: DeskClient, { cameras }: Announced, clock: Clock): Promise<readonly Figure[]> {
  const { found } = await admin.discover()
  const live = await until(clock, 30_000, async () => {
    const streams = (await admin.cameras()).flatMap((camera) => camera.streams)
    return streams.every(({ state }) => state === 'live') ? streams.length : null
  })
  return [equals('virtual cameras found by discovery', found.length, cameras.length, 'cameras'), equals('streams that play', live ?? 0, cameras.length * 2, 'streams')]
}

export interface Watched {
  readonly kind: string
  readonly happened: number
  readonly alerts: number
  /** Alerts that stand for one of the events, and events that have one. */
  readonly matched: number
  readonly explained: number
  readonly one: AlertView | null
}

/**
 * Watches the city until each kind of act has happened at least once after `fromMs`, then compares every alert with the
 * scenes' truth: an event and an alert belong together when they name the same camera and kind and the alert came within
 * the event's time and a few seconds.
 */
export async function watchKinds(desk: DeskClient, announced: Announced, { kinds, fromMs, clock, onWait }: { readonly kinds: readonly string[]; readonly fromMs: number; readonly clock: Clock; readonly onWait: (words: string) => void }): Promise<readonly Watched[]> {
  const truth = await Promise.all(announced.cameras.map(async ({ cameraId, truthFile, loopMs }) => ({ cameraId, loopMs, events: parseTruth(await readFile(truthFile, 'utf8')).events.filter(({ kind, certainty }) => kinds.includes(kind) && certainty === 'sure') })))
  const epochMs = announced.epochMs ?? 0
  const filmed = (untilMs: number): readonly Filmed[] =>
    truth.flatMap(({ cameraId, loopMs, events }) =>
      events.flatMap((event) => {
        const times: Filmed[] = []
        for (let turn = Math.floor((fromMs - epochMs) / loopMs) - 1; epochMs + turn * loopMs < untilMs; turn += 1) times.push({ cameraId, kind: event.kind, fromMs: epochMs + turn * loopMs + event.t_start * 1000, toMs: epochMs + turn * loopMs + event.t_end * 1000 })
        return times
      }),
    )
  const happened = (untilMs: number): readonly Filmed[] => filmed(untilMs).filter((event) => event.fromMs > fromMs && event.toMs + SEEN_AS.afterMs < untilMs)
  const longest = Math.max(...truth.map(({ loopMs }) => loopMs))
  const deadlineMs = fromMs + longest + 60_000
  for (let toldMs = 0; clock.wallMs() < deadlineMs; ) {
    const counts = kinds.map((kind) => `${kind} ${happened(clock.wallMs()).filter((event) => event.kind === kind).length}`)
    if (clock.wallMs() - toldMs > 10_000) onWait(`events so far: ${counts.join(', ')}; ${Math.round((deadlineMs - clock.wallMs()) / 1000)} s at most`)
    if (clock.wallMs() - toldMs > 10_000) toldMs = clock.wallMs()
    if (kinds.every((kind) => happened(clock.wallMs()).some((event) => event.kind === kind))) break
    await pause(clock, 1_000)
  }
  const untilMs = clock.wallMs()
  const events = happened(untilMs)
  // What had begun before we looked may be told after: it is neither asked for nor too much.
  const begun = filmed(fromMs).filter((event) => event.fromMs <= fromMs)
  const alerts = (await desk.alerts('all')).filter((alert) => kinds.includes(alert.kind) && alert.openedAtMs > fromMs && !begun.some((event) => belongs(alert, event)))
  return kinds.map((kind) => {
    const own = events.filter((event) => event.kind === kind)
    const raised = alerts.filter((alert) => alert.kind === kind && (own.some((event) => belongs(alert, event)) || alert.openedAtMs < untilMs - SEEN_AS.afterMs))
    const paired = own.flatMap((event) => {
      const alert = raised.find((one) => belongs(one, event))
      return alert ? [alert] : []
    })
    return { kind, happened: own.length, alerts: raised.length, matched: paired.length, explained: paired.filter((alert) => /\d/.test(alert.reason.vi) && /\d/.test(alert.reason.en)).length, one: paired[0] ?? null }
  })
}

/** An event of a film, in this turn of its loop. */
interface Filmed {
  readonly cameraId: string
  readonly kind: string
  readonly fromMs: number
  readonly toMs: number
}

function belongs(alert: AlertView, event: Filmed): boolean {
  return alert.cameraId === event.cameraId && alert.kind === event.kind && alert.openedAtMs > event.fromMs - SEEN_AS.beforeMs && alert.openedAtMs < event.toMs + SEEN_AS.afterMs
}

export function figuresOfWatched(watched: readonly Watched[]): readonly Figure[] {
  return watched.flatMap(({ kind, happened, alerts, matched, explained }) => [equals(`${kind}: events with an alert`, matched, Math.max(1, happened), 'events'), equals(`${kind}: alerts raised, one for each event`, alerts, Math.max(1, happened), 'alerts'), equals(`${kind}: explained with a measured number`, explained, Math.max(1, matched), 'alerts')])
}

/** Still and clip arrive, their bytes have the hash that was told, and the clip covers before and after. */
export async function proveEvidence(desk: DeskClient, alertId: string, clock: Clock): Promise<{ readonly figures: readonly Figure[]; readonly clipUrl: string | null }> {
  const kept = await until(clock, 40_000, async () => {
    const { evidence } = await desk.alert(alertId)
    return evidence.some(({ kind }) => kind === 'clip') && evidence.some(({ kind }) => kind === 'still') ? evidence : null
  })
  let verified = 0
  for (const item of kept ?? []) {
    const { sha256, told } = await desk.evidence(item.url)
    if (sha256 === item.sha256 && told === item.sha256) verified += 1
  }
  const clip = kept?.find(({ kind }) => kind === 'clip')
  return { clipUrl: clip?.url ?? null, figures: [equals('evidence whose bytes have the hash that was told', verified, kept?.length ?? 2, 'files'), atLeast('clip covers, before and after together', clip ? (clip.toMs - clip.fromMs) / 1000 : null, 9.5, 's')] }
}

/** A citizen's report meets the alert, a person links them, and the answer is read back at the citizen's side. */
export async function proveReport(ioc: DeskClient, announced: Announced, alert: AlertView, clock: Clock): Promise<readonly Figure[]> {
  const camera = (await ioc.cameras()).find(({ id }) => id === alert.cameraId)
  if (!camera) throw new Error('the alert’s camera is not in the list')
  const form = new URLSearchParams({ api_key: announced.open311Key ?? '', service_code: SERVICE_OF_KIND[alert.kind] ?? 'traffic-violation', lat: String(camera.place.latitude + 0.0002), long: String(camera.place.longitude), description: 'Xe vi phạm ngay ngã tư, vừa xong', first_name: 'Người', last_name: 'Dân', phone: '0900000000' })
  const posted = await fetch(`${announced.url}/open311/v2/requests.json`, { method: 'POST', body: form, signal: AbortSignal.timeout(10_000) })
  const [created] = (await posted.json()) as { service_request_id: string }[]
  const id = created?.service_request_id ?? ''
  const link = await until(clock, 10_000, async () => (await ioc.report(id)).links.find(({ alertId }) => alertId === alert.id) ?? null)
  if (link) await ioc.decideLink(link.id, 'confirmed')
  const notes = 'Đã xem camera và nhắc nhở. Cảm ơn ông/bà.'
  await ioc.answer(id, notes, true)
  const read = await (await fetch(`${announced.url}/open311/v2/requests/${id}.json?api_key=${announced.open311Key}`, { signal: AbortSignal.timeout(10_000) })).text()
  const xml = await (await fetch(`${announced.url}/open311/v2/requests/${id}.xml?api_key=${announced.open311Key}`, { signal: AbortSignal.timeout(10_000) })).text()
  return [
    equals('citizen report accepted (Open311)', posted.status, 200, 'HTTP'),
    equals('report proposed to its alert', link ? 1 : 0, 1, 'links'),
    equals('answer read back by the citizen, JSON and XML', [read, xml].filter((text) => text.includes(notes) && text.includes('closed')).length, 2, 'formats'),
    equals('the reporter’s number in any answer', [read, xml, JSON.stringify(await ioc.report(id))].filter((text) => text.includes('0900000000')).length, 0, 'leaks'),
  ]
}

const SERVICE_OF_KIND: Readonly<Record<string, string>> = { red_light: 'traffic-violation', wrong_way: 'traffic-violation', illegal_stop: 'illegal-parking', crowd: 'public-order', intrusion: 'trespass' }

/** Asks again until there is an answer or the time is over. */
export async function until<T>(clock: Clock, withinMs: number, ask: () => Promise<T | null>): Promise<T | null> {
  const endMs = clock.monotonicMs() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer !== null || clock.monotonicMs() > endMs) return answer
    await pause(clock, 250)
  }
}
