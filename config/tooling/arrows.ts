/**
 * The import law as data. What is absent is forbidden; tests/house/arrows.test.ts walks every import and guards it.
 * A folder of ours is named by its path; the longest matching name wins.
 */
const CARRIED = ['server/flow', 'server/storage', 'server/media', 'server/system', 'server/domain'] as const

/** The stages stand on one floor: none may import another. Each has one verb (architecture in README.md). */
export const STAGES = ['devices', 'ingest', 'live', 'recording', 'watching', 'models', 'rules', 'incidents', 'signals', 'alerts', 'cases', 'evidence', 'feedback', 'upkeep', 'indicators', 'notify', 'sandbox'] as const

const stageArrows = Object.fromEntries(STAGES.map((stage) => [`server/${stage}`, stage === 'watching' || stage === 'models' || stage === 'sandbox' ? [...CARRIED, 'analytics', 'models'] : [...CARRIED]]))

export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  models: [],
  analytics: ['models'],
  config: [],
  'config/tooling': ['config'],
  'server/contract': [],
  'server/domain': ['analytics'],
  'server/system': ['server/domain'],
  'server/media': ['server/domain'],
  'server/storage': ['server/domain', 'server/system'],
  'server/flow': ['server/domain', 'server/media', 'server/system'],
  ...stageArrows,
  'server/web': [...STAGES.map((stage) => `server/${stage}`), 'server/contract', 'server/flow', 'server/storage', 'server/domain', 'server/system'],
  'server/commands': [...STAGES.map((stage) => `server/${stage}`), 'server/contract', 'server/flow', 'server/storage', 'server/domain', 'server/system', 'analytics', 'models', 'config'],
  'server/app.ts': ['server', 'config', 'analytics', 'models'],
  // The wiring's second half: keeps stages equal to the rows of cameras and rules.
  'server/follow-cameras.ts': ['server/devices', 'server/ingest', 'server/rules', 'server/watching', ...CARRIED],
  'server/main.ts': ['server', 'config', 'analytics', 'models'],
  player: ['server/contract'],
  tests: ['server', 'analytics', 'models', 'config', 'player', 'tests'],
}

/** Imports of these may be types only (they vanish when compiled). */
export const TYPES_ONLY: readonly (readonly [from: string, to: string])[] = [
  ['player', 'server/contract'],
  ['server/domain', 'analytics'],
]

/** One outside package, one door: the only place that may import it. A path that ends in `.ts` is one file. */
export const DOORS: Readonly<Record<string, readonly string[]>> = {
  'onnxruntime-node': ['analytics/detect/onnx-session.ts'],
  'node:child_process': ['server/system/child.ts'],
  kysely: ['server/storage'],
  'better-sqlite3': ['server/storage'],
  pg: ['server/storage'],
  express: ['server/web'],
  'socket.io': ['server/web/live-socket.ts'],
  ioredis: ['server/flow'],
  bullmq: ['server/flow'],
  onvif: ['server/devices'],
  'node-media-server': ['server/ingest'],
  'fluent-ffmpeg': ['server/evidence/ffmpeg-job.ts'],
  sharp: ['server/evidence', 'server/devices', 'server/sandbox', 'server/models'],
  // Live and past want opposite settings of it (low latency, small buffers; whole segments, any moment): two files, each with its own.
  'hls.js': ['player/live/live-driver.ts', 'player/playback/playback-driver.ts'],
  'socket.io-client': ['player/api'],
  'node:worker_threads': ['server/system/worker.ts'],
}

/** Only here may the real clock be read (STYLE: time is passed in). */
export const CLOCK_DOOR = 'server/system/clock.ts'
