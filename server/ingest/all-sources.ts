import type { Ingest } from './open-ingest.js'
import type { PushIntake } from './push-intake.js'

/** Both ways in which a stream comes, as one: those that we read, and those that are pushed to us. */
export interface Sources extends Ingest, Pick<PushIntake, 'setPush'> {}

export function joinSources(reading: Ingest, pushed: PushIntake): Sources {
  return {
    setStream: (stream, wish) => reading.setStream(stream, wish),
    setPush: (stream, wish) => pushed.setPush(stream, wish),
    removeStream(stream) {
      reading.removeStream(stream)
      pushed.removeStream(stream)
    },
    sessions: () => [...reading.sessions(), ...pushed.sessions()],
    async close() {
      await Promise.all([reading.close(), pushed.close()])
    },
  }
}
