import { hasFfmpeg } from '../support/rtsp-server.js'
import { killRecorder } from './killed-recorder.js'

const KILLS = 5
const LOSS_MS_MAX = 2_000

;(hasFfmpeg() ? test : test.skip)(`T1: kill -9 in mid-recording, ${KILLS} times: at most 2 s of a camera are lost, and after the next start the index equals the disk`, async () => {
  const seed = Date.now() % 100_000
  const { lostMs, findings } = await killRecorder({ kills: KILLS, seed })
  expect({ seed, findings, lost: lostMs.filter((ms) => ms > LOSS_MS_MAX), cameras: lostMs.length / KILLS }).toEqual({ seed, findings: [], lost: [], cameras: 2 })
}, KILLS * 40_000)
