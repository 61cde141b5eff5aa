import { viBacktests } from './vi-backtests.js'
import { viCameras } from './vi-cameras.js'
import { viModels } from './vi-models.js'
import { viPlayback } from './vi-playback.js'
import { viRoom } from './vi-room.js'
import { viRules } from './vi-rules.js'
import { viShell } from './vi-shell.js'
import { viSignals } from './vi-signals.js'
import { viWall } from './vi-wall.js'
import { viWatching } from './vi-watching.js'

/** Every word on the screens, Vietnamese first. One meaning, one word: server/GLOSSARY.md. */
export const vi = { ...viShell, ...viWatching, ...viCameras, ...viWall, ...viPlayback, ...viModels, ...viRoom, ...viRules, ...viBacktests, ...viSignals } as const

export type WordKey = keyof typeof vi
