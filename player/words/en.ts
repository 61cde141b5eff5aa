import { enBacktests } from './en-backtests.js'
import { enCameras } from './en-cameras.js'
import { enModels } from './en-models.js'
import { enPlayback } from './en-playback.js'
import { enRoom } from './en-room.js'
import { enRules } from './en-rules.js'
import { enShell } from './en-shell.js'
import { enSignals } from './en-signals.js'
import { enWall } from './en-wall.js'
import { enWatching } from './en-watching.js'
import type { WordKey } from './vi.js'

export const en: Readonly<Record<WordKey, string>> = { ...enShell, ...enWatching, ...enCameras, ...enWall, ...enPlayback, ...enModels, ...enRoom, ...enRules, ...enBacktests, ...enSignals }
