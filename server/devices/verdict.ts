import type { TroubleCode } from '../domain/trouble.js'
import type { Words } from '../domain/words.js'

/** What becomes of a camera, from a closed set, so that a ward's list can be counted and costed (features 6.1). */
export const CAMERA_VERDICTS = ['usable', 'usable_by_transcoding', 'needs_settings', 'needs_adapter', 'must_replace', 'unreachable'] as const
export type CameraVerdict = (typeof CAMERA_VERDICTS)[number]

export const VERDICT_WORDS: Readonly<Record<CameraVerdict, Words>> = {
  usable: { vi: 'Dùng được ngay', en: 'Usable now' },
  usable_by_transcoding: { vi: 'Dùng được qua chuyển mã', en: 'Usable by transcoding' },
  needs_settings: { vi: 'Cần cấu hình', en: 'Needs settings' },
  needs_adapter: { vi: 'Cần bộ chuyển đổi', en: 'Needs an adapter' },
  must_replace: { vi: 'Phải thay', en: 'Must be replaced' },
  unreachable: { vi: 'Không liên lạc được', en: 'Unreachable' },
}

export const RUNGS = ['reach', 'onvif', 'sign_in', 'main_stream', 'sub_stream', 'web', 'clock'] as const
export type RungName = (typeof RUNGS)[number]

/** What a failure at a rung says of the camera as a whole. */
export function verdictOf(rung: RungName, code: TroubleCode, seen: { readonly offersH264: boolean; readonly legacyCodec: boolean }): CameraVerdict {
  switch (code) {
    case 'unreachable':
    case 'timed_out':
      return 'unreachable'
    case 'codec_unsupported':
      if (rung === 'web') return 'usable_by_transcoding'
      return seen.offersH264 ? 'needs_settings' : seen.legacyCodec ? 'must_replace' : 'needs_adapter'
    case 'onvif_fault':
    case 'invalid_media':
      return 'needs_adapter'
    case 'refused':
    case 'auth':
    case 'not_found':
    case 'no_stream':
    case 'no_video':
    case 'no_sound':
    case 'transport':
    case 'clock_skew':
    case 'address_forbidden':
    case 'stalled':
    case 'hung_up':
    case 'not_pushed':
    case 'intake_closed':
    case 'invalid_address':
    case 'tools_missing':
    case 'transcoding_full':
    case 'flooding':
    case 'unsteady':
    case 'degraded':
    case 'internal':
      return 'needs_settings'
  }
}
