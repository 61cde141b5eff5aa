import type { SessionNews } from '../domain/camera.js'
import type { StreamId } from '../domain/ids.js'
import type { TroubleCode } from '../domain/trouble.js'
import type { SessionFaultName, SessionNews as Said } from './session-news.js'

/** What a session says, in the words of the domain. */
export function newsOf(streamId: StreamId, said: Said): SessionNews {
  const fault = said.fault
  return {
    streamId,
    state: said.state,
    sinceMs: said.since,
    attempts: said.attempts,
    trouble: fault ? { code: CODE_OF[fault.name], tried: said.tried ?? 'RTSP', on: streamId, said: fault.words } : null,
    codec: said.codec ?? null,
    width: said.width ?? null,
    height: said.height ?? null,
    fps: said.fps ?? null,
    clockRate: said.clockRate ?? null,
  }
}

const CODE_OF: Readonly<Record<SessionFaultName, TroubleCode>> = {
  unreachable: 'unreachable',
  refused: 'refused',
  auth: 'auth',
  not_found: 'not_found',
  timed_out: 'timed_out',
  no_video: 'no_video',
  no_sound: 'no_sound',
  codec_unsupported: 'codec_unsupported',
  transport: 'transport',
  invalid_media: 'invalid_media',
  tools_missing: 'tools_missing',
  not_allowed: 'address_forbidden',
  not_pushed: 'not_pushed',
  intake_closed: 'intake_closed',
  hung_up: 'hung_up',
  invalid_address: 'invalid_address',
  flooding: 'flooding',
  unsteady: 'unsteady',
  degraded: 'degraded',
}
