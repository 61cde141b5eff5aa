import { rejoinMs } from './tile-state.js'

/** What may be claimed of a sound. `lost` is tried again by itself. */
export type SoundState = 'joining' | 'sounding' | 'lost'

export interface LiveSound {
  close(): void
}

export type OpenSoundPlayer = (events: { readonly onReady: () => void; readonly onTrouble: (word: string) => void }) => { close(): void } | null

/** So long without a sound that goes on: it is opened anew. */
const STILL_MS_MAX = 8_000
const TICK_MS = 1_000

/** One camera's sound: joins, says whether it really sounds, and rejoins after trouble with growing waits. */
export function openSound(audio: HTMLAudioElement, onState: (state: SoundState) => void, openPlayer: OpenSoundPlayer): LiveSound {
  let player: { close(): void } | null = null
  let attempts = 0
  let rejoin: number | null = null
  let heard = { position: -1, atMs: performance.now() }

  function join(): void {
    rejoin = null
    heard = { position: -1, atMs: performance.now() }
    player = openPlayer({ onReady: play, onTrouble: leave })
  }
  function play(): void {
    // Refused while a newer source is attached; the key that asked for the sound lets the page sound.
    void audio.play().catch(() => undefined)
  }
  function leave(): void {
    if (rejoin !== null) return
    player?.close()
    player = null
    attempts += 1
    rejoin = window.setTimeout(join, rejoinMs(attempts, Math.random()))
    onState('lost')
  }
  function tick(): void {
    if (!player) return
    const position = audio.currentTime
    if (position > heard.position && !audio.paused && audio.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      if (heard.position >= 0) {
        attempts = 0
        onState('sounding')
      }
      heard = { position, atMs: performance.now() }
    } else if (performance.now() - heard.atMs > STILL_MS_MAX) leave()
    else if (audio.paused) play()
  }

  onState('joining')
  join()
  const timer = window.setInterval(tick, TICK_MS)
  return {
    close() {
      window.clearInterval(timer)
      if (rejoin !== null) window.clearTimeout(rejoin)
      player?.close()
      player = null
      audio.removeAttribute('src')
      audio.load()
    },
  }
}
