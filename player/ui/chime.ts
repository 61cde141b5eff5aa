import { useEffect, useMemo } from 'react'
import { useOpenAlerts } from '../api/queries.js'
import { useChoices } from './choices.js'

/** Critical repeats until somebody claims it; high sounds once; the others never do. */
const REPEAT_MS = 4000

/**
 * Two short tones, made here: no file, no request. Browsers give sound only after the first click or key of a visit; until
 * then the picture has to do, and it does.
 */
export function useChime(): void {
  const { alerts } = useOpenAlerts()
  const sound = useChoices((choices) => choices.sound)
  const critical = alerts.some((alert) => alert.priority === 'critical' && alert.state === 'new')
  const newestHigh = useMemo(() => alerts.filter((alert) => alert.priority === 'high' && alert.state === 'new').reduce((newest, alert) => Math.max(newest, alert.raisedAtMs), 0), [alerts])
  useEffect(() => {
    if (!sound || !critical) return
    play([880, 660, 880])
    const timer = setInterval(() => play([880, 660, 880]), REPEAT_MS)
    return () => clearInterval(timer)
  }, [sound, critical])
  useEffect(() => {
    if (sound && newestHigh > 0) play([660])
  }, [sound, newestHigh])
}

let speaker: AudioContext | null = null

function play(tonesHz: readonly number[]): void {
  if (!navigator.userActivation?.hasBeenActive) return
  speaker ??= new AudioContext()
  const from = speaker.currentTime
  tonesHz.forEach((hz, at) => {
    if (!speaker) return
    const tone = speaker.createOscillator()
    const loudness = speaker.createGain()
    tone.frequency.value = hz
    loudness.gain.setValueAtTime(0.0001, from + at * 0.16)
    loudness.gain.exponentialRampToValueAtTime(0.12, from + at * 0.16 + 0.02)
    loudness.gain.exponentialRampToValueAtTime(0.0001, from + at * 0.16 + 0.14)
    tone.connect(loudness).connect(speaker.destination)
    tone.start(from + at * 0.16)
    tone.stop(from + at * 0.16 + 0.15)
  })
}
