import { makeFigure, quantile, type Figure } from '../bench/figure.js'
import { BENDS } from '../support/bent-rtp.js'
import { makeClip, startRtspServer } from '../support/rtsp-server.js'
import { bendClock } from './bent-clock.js'
import { changeStream, LOOKS } from './changed-stream.js'
import { cutOff } from './cut-off.js'
import { freezeSource } from './frozen-source.js'
import { garbageInFragments, garbageThroughGate, realFragments } from './garbage.js'
import { killChildren } from './killed-child.js'
import { killRecorder } from './killed-recorder.js'
import { liveLives } from './lives.js'
import { IPTABLES, networkLacks, playScene, TC } from './own-network.js'
import { oneBadCamera } from './one-bad-camera.js'
import { stepClock } from './stepped-clock.js'
import { stopServer } from './stopped-server.js'

/** One line of the table: a fault, what was done, and the figure that it was held against. */
export interface FaultFigure extends Figure {
  readonly fault: string
  readonly injected: string
}

export type Row = (say: (line: string) => void) => Promise<readonly FaultFigure[] | { readonly skipped: string }>

/** What is measured: `bar` is what the value must not exceed; without one it is told only. */
function figures(fault: string, injected: string, measured: readonly (readonly [name: string, unit: string, value: number, bar?: number])[]): readonly FaultFigure[] {
  return measured.map(([name, unit, value, bar]) => ({ ...makeFigure(`faults.${fault}.${name}`, unit, value, bar === undefined ? {} : { bar }), fault, injected }))
}

/** How much of what the others had they lost, in per cent; a gain is no loss. */
function lossOf(before: number, during: number): number {
  return Math.max(0, (1 - during / before) * 100)
}

const SEED = 1

async function recorderKilled(): Promise<readonly FaultFigure[]> {
  const kills = 25
  const { lostMs, findings } = await killRecorder({ kills, seed: SEED })
  return figures('T1', `${kills} kill -9 in mid-recording, 2 cameras`, [
    ['lost', 's of a camera, the most of all kills', Math.max(...lostMs) / 1_000, 2],
    ['lost_p50', 's of a camera', quantile(lostMs, 0.5) / 1_000],
    ['index', 'differences of index and disk', findings.length, 0],
  ])
}

async function killed(): Promise<readonly FaultFigure[]> {
  const server = await startRtspServer({ mounts: { '/main': { clip: makeClip() } } })
  const found = await killChildren({ url: server.url('/main'), cameras: 10, rounds: 5, calmMs: 11_000 })
  await server.close()
  return figures('T4', `${found.kills} kills (KILL, SEGV) of ffmpeg, 10 cameras`, [
    ['back_p95', 's', quantile(found.backMs, 0.95) / 1_000, 5],
    ['zombies', 'processes', found.zombies, 0],
    ['orphans', 'processes', found.orphans, 0],
    ['second_ffmpeg', 'processes', found.tooMany, 0],
  ])
}

async function frozen(say: (line: string) => void): Promise<readonly FaultFigure[]> {
  const all: FaultFigure[] = []
  for (const transport of ['tcp', 'udp'] as const) {
    say(`T5 over ${transport}`)
    const found = await freezeSource({ clip: makeClip(), transport, frozenMs: 30_000 })
    all.push(...figures('T5', `source stopped for 30 s, ${transport}`, [
      [`detected.${transport}`, 's', found.detectedMs / 1_000, 6],
      [`hurried.${transport}`, 'starts beyond one a step', found.hurried, 0],
      [`starts.${transport}`, 'starts while frozen', found.startsWhileFrozen],
      [`back.${transport}`, 's after the thaw', found.backMs / 1_000, 10],
    ]))
  }
  return all
}

async function cut(say: (line: string) => void): Promise<readonly FaultFigure[] | { readonly skipped: string }> {
  const all: FaultFigure[] = []
  for (const how of ['reset', 'fin', 'kill', 'half_open'] as const) {
    say(`T6 ${how}`)
    const found = await cutOff({ cut: how, clip: makeClip(), awayMs: 20_000 })
    all.push(...figures('T6', `peer: ${how}`, [how === 'half_open' ? ['noticed.half_open', 's', found.noticedMs / 1_000, 6] : [`retried.${how}`, 's', found.retriedMs / 1_000, 2], [`back.${how}`, 's', found.backMs / 1_000, how === 'half_open' || how === 'kill' ? 35 : 10]]))
  }
  const lacks = await networkLacks([IPTABLES])
  if (lacks) return all.length > 0 ? all : { skipped: lacks }
  say('T6 iptables REJECT, then DROP for two minutes')
  const refused = await playScene({ scene: 'refuse', clip: makeClip(), transport: 'tcp', ms: 10_000 }, 120_000)
  const swallowed = await playScene({ scene: 'swallow', clip: makeClip(), transport: 'tcp', ms: 120_000 }, 300_000)
  all.push(...figures('T6', 'iptables REJECT tcp-reset, 10 s', [['retried.refuse', 's', (refused.retriedMs ?? Infinity) / 1_000, 2], ['others.refuse', '% of pictures lost by others', lossOf(refused.othersFps, refused.othersFpsDuring), 5]]))
  all.push(...figures('T6', 'iptables DROP, 2 min', [['noticed.swallow', 's', (swallowed.noticedMs ?? Infinity) / 1_000, 6], ['back.swallow', 's', swallowed.backMs / 1_000, 35], ['others.swallow', '% of pictures lost by others', lossOf(swallowed.othersFps, swallowed.othersFpsDuring), 5]]))
  return all
}

async function lossy(say: (line: string) => void): Promise<readonly FaultFigure[] | { readonly skipped: string }> {
  const lacks = await networkLacks([IPTABLES, TC])
  if (lacks) return { skipped: lacks }
  const all: FaultFigure[] = []
  const clip = makeClip({ size: '1280x720' })
  for (const [transport, amount] of [['udp', 0.01], ['udp', 0.05], ['udp', 0.1], ['tcp', 0.1]] as const) {
    say(`T7 ${amount * 100} % of ${transport} lost`)
    const found = await playScene({ scene: 'lose', clip, transport, amount, ms: 20_000 }, 120_000)
    const share = `${amount * 100}_${transport}`
    all.push(...figures('T7', `iptables statistic, ${amount * 100} % of ${transport}, 6.6 Mbit/s`, [[`fps.${share}`, 'pictures a second left', found.fpsDuring], [`starts.${share}`, 'sessions lost', found.startsDuring], [`others.${share}`, '% of pictures lost by others', lossOf(found.othersFps, found.othersFpsDuring), 5]]))
  }
  say('T7 1 Mbit/s')
  const narrow = await playScene({ scene: 'narrow', clip, transport: 'tcp', amount: 1, ms: 25_000 }, 120_000)
  all.push(...figures('T7', 'tc tbf 1 Mbit/s, 6.6 Mbit/s wanted', [['degraded.narrow', 's', (narrow.degradedMs ?? narrow.noticedMs ?? Infinity) / 1_000, 15], ['fps.narrow', 'pictures a second left', narrow.fpsDuring], ['others.narrow', '% of pictures lost by others', lossOf(narrow.othersFps, narrow.othersFpsDuring), 5]]))
  return all
}

async function garbage(say: (line: string) => void): Promise<readonly FaultFigure[]> {
  const cases = 10_000
  say('T8 fMP4')
  const real = await realFragments(makeClip())
  // A server that has run for a while has compiled its code and filled its pools; what grows after that is a leak.
  garbageInFragments(real, { cases: 1_000, firstSeed: SEED + cases })
  await garbageThroughGate({ cases: 500, firstSeed: SEED + cases, atOnce: 16 })
  const fragments = garbageInFragments(real, { cases, firstSeed: SEED })
  say('T8 RTSP, SDP and RTP through the gate')
  const gate = await garbageThroughGate({ cases, firstSeed: SEED, atOnce: 16 })
  for (const words of [...fragments.broken, ...gate.broken].slice(0, 20)) say(words)
  return [
    ...figures('T8', `${cases} seeded cases in fMP4`, [['broken.fmp4', 'cases that ended in no named fault', fragments.broken.length, 0], ['named.fmp4', 'cases named', fragments.named], ['rss.fmp4', 'MB grown', fragments.rssGrownMb, 50]]),
    ...figures('T8', `${cases} seeded cases in RTSP, SDP, RTP`, [['broken.rtsp', 'cases that ended in no named fault', gate.broken.length, 0], ['named.rtsp', 'cases that were no RTSP any more', gate.named], ['rss.rtsp', 'MB grown', gate.rssGrownMb, 50]]),
  ]
}

async function changed(): Promise<readonly FaultFigure[]> {
  const found = await changeStream(LOOKS)
  return figures('T9', 'H.264 ↔ H.265 and another size, at the same address, watched', [
    ['plays', 's after the return, the slowest of four', Math.max(...found.backMs) / 1_000, 6],
    ['untold', 'changes without a discontinuity', found.untold, 0],
  ])
}

async function bent(say: (line: string) => void): Promise<readonly FaultFigure[]> {
  const all: FaultFigure[] = []
  for (const [name, bend] of BENDS) {
    say(`T10 a clock ${name}`)
    const found = await bendClock({ bend, clip: makeClip(), pictures: 500 })
    const which = name.replaceAll(/[^a-z0-9]+/g, '_')
    all.push(...figures('T10', `an RTP time ${name}`, [[`torn.${which}`, 'packets', found.torn, 0], [`segment.${which}`, 's, the longest (1 s wanted)', found.longestSegmentMs / 1_000, 2], [`restarts.${which}`, 'sessions', found.restarts, 0], [`drift.${which}`, 's in 20', found.driftMs / 1_000]]))
  }
  return all
}

async function stepped(): Promise<readonly FaultFigure[]> {
  const found = await stepClock({ clip: makeClip(), eachMs: 15_000 })
  return figures('T11', 'wall clock −1 h, +2 h, to 1970, right again', [
    ['restarts', 'sessions', found.starts - 1, 0],
    ['backwards', 'times that order was lost', found.backwards, 0],
    ['playlist', 's off the wall clock', Math.max(...found.playlistOffMs.map(Math.abs)) / 1_000, 10],
    ['remembered', 's in the hub', Math.max(...found.rememberedS), 20],
  ])
}

async function stopped(): Promise<readonly FaultFigure[]> {
  const found = await stopServer({ clip: makeClip(), cameras: 10 })
  return figures('T31', 'SIGTERM, 10 cameras, one frozen, a half-sent request', [['stop', 's', found.ms / 1_000, 10], ['left', 'ffmpegs', found.left.length, 0], ['code', 'exit code', found.code ?? 1, 0]])
}

async function bad(say: (line: string) => void): Promise<readonly FaultFigure[]> {
  say('T32 200 Mbit/s')
  const flood = await oneBadCamera({ badness: { megabits: 200 }, clip: makeClip(), others: 19, ms: 40_000, fault: 'flooding' })
  say('T32 opens and closes')
  const flap = await oneBadCamera({ badness: { closeMs: 100 }, clip: makeClip(), others: 19, ms: 30_000, fault: 'hung_up' })
  return [
    ...figures('T32', '1 of 20 floods with 200 Mbit/s', [['cut.flood', 's', flood.cutMs / 1_000, 30], ['named.flood', 'times not named flooding', flood.fault === 'flooding' ? 0 : 1, 0], ['others.flood', '% of pictures lost by others', lossOf(flood.othersFps, flood.othersFpsDuring), 5], ['others_restarted.flood', 'sessions', flood.othersStarts, 0]]),
    ...figures('T32', '1 of 20 closes after 100 ms', [['cut.flap', 's', flap.cutMs / 1_000, 30], ['hurried.flap', 'starts beyond one a step', flap.hurried, 0], ['others.flap', '% of pictures lost by others', lossOf(flap.othersFps, flap.othersFpsDuring), 5]]),
  ]
}

async function simulated(): Promise<readonly FaultFigure[]> {
  const fromMs = performance.now()
  const found = liveLives({ lives: 10_000, steps: 500, firstSeed: SEED })
  return figures('T33', `10,000 seeds × 500 steps, ${found.starts} starts`, [['broken', 'laws broken', found.broken.length, 0], ['silence', 's until seen', found.silentMsMax / 1_000, 6], ['took', 's', (performance.now() - fromMs) / 1_000, 60]])
}

/** By the rows of the fault plan. */
export const ROWS: Readonly<Record<string, Row>> = { T1: recorderKilled, T4: killed, T5: frozen, T6: cut, T7: lossy, T8: garbage, T9: changed, T10: bent, T11: stepped, T31: stopped, T32: bad, T33: simulated }
