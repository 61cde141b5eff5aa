import { LIGHT_MIX, makeRide, makeRoll } from '../../scenes/arrivals.js'
import { between, type Chance } from '../../scenes/noise.js'
import { cau } from '../../scenes/places/cau.js'
import type { Script, VehicleKind } from '../../scenes/scene.js'
import { BRIDGE_PATHS, bridgeFlow, bridgeWalkers } from '../bridge.js'
import { isCut, passing } from '../drives.js'
import type { Happening, Played, Trial } from '../trial.js'

/** Into the bridge, over both sides of the road: nobody may take a truck that way over it. */
const LINE = [[-6.8, 23], [6.8, 23]] as const

const scene = { ...cau, marks: { zones: [] }, script }
const rule: Trial['rule'] = (ground) => ({ line: ground.line(...LINE), direction: 'left', classes: ['truck'] })

export const noEntry: Trial = {
  id: 'no_entry',
  kind: 'no_entry',
  sentence: 'Two trucks drive onto a bridge closed to trucks; a bus and lighter vehicles, and trucks that leave the bridge, stay silent.',
  lengthMs: 40_000,
  scene: { ...scene, id: 'trial-no-entry' },
  rule,
  happenings: trucksIn,
}

export const noEntryHours: Trial = {
  id: 'no_entry-hours',
  kind: 'no_entry',
  sentence: 'The same bridge is closed to trucks at night only; the clip is of noon, so nobody is claimed.',
  lengthMs: 40_000,
  scene: { ...scene, id: 'trial-no-entry-hours' },
  // Judged clips are of noon (judge-run.ts).
  rule: (ground) => ({ ...rule(ground), hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '05:00' }] }),
  happenings: () => [],
}

function trucksIn(played: Played): readonly Happening[] {
  const line = played.ground.line(...LINE)
  return played.show.script.rides.filter((ride) => ride.kind === 'truck').flatMap(({ id }) => {
    const passed = passing(played, id, line)
    return passed?.side === 'left' ? [{ fromMs: passed.atMs, toMs: passed.atMs, objects: [id], note: 'a truck drives onto the bridge', unsure: isCut(played, passed.atMs) }] : []
  })
}

function script(chance: Chance, loopMs: number): Script {
  const roll = makeRoll()
  const heavy = (kind: VehicleKind, path: string, arriveMs: number) => makeRide(roll, chance, { kind, path, lateral: 2.4, speed: between(chance, 6.5, 7.5), arriveMs })
  const trucks = [heavy('truck', 'own', between(chance, 3000, 6000)), heavy('truck', 'own', between(chance, 22_000, 26_000)), heavy('bus', 'own', between(chance, 13_000, 15_000)), heavy('truck', 'oncoming', between(chance, 2000, 6000))]
  const flows = ['own', 'oncoming'].flatMap((path) => bridgeFlow(roll, chance, { path, everyMs: 5000, loopMs, bikes: [4.2, 6.1], lanes: [5.2], mix: LIGHT_MIX }))
  return { phases: () => 'green', rides: [...trucks, ...flows], walks: bridgeWalkers(roll, chance, loopMs), acts: [], paths: BRIDGE_PATHS }
}
