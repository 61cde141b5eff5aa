import type { AimAnswer } from '../domain/aim.js'
import type { Camera } from '../domain/camera.js'
import type { CameraId } from '../domain/ids.js'
import type { AddressGuard } from './address-guard.js'
import { openAims, type Aims, type AimsOptions } from './aims.js'
import { serviceUrl } from './ladder.js'
import { openOnvif, type AimAsk, type Onvif, type OnvifOptions } from './onvif.js'
import type { Registry } from './registry.js'

interface AskParts {
  readonly guard: AddressGuard
  readonly registry: Pick<Registry, 'credentialsOf'>
}

/** Asking where a camera looks is not to wait for anybody's inspection of a recorder, nor that for this: they have children of their own. */
const ASK_MS_MAX = 12_000

export function openCameraAims({ runId, ...options }: AskParts & Omit<AimsOptions, 'askCamera'> & Pick<OnvifOptions, 'runId'>): Aims {
  const onvif = openOnvif({ ...options, runId, deadlineMs: ASK_MS_MAX })
  const aims = openAims({ ...options, askCamera: makeAskCamera({ ...options, onvif }) })
  return {
    ...aims,
    close() {
      aims.close()
      onvif.close()
    },
  }
}

/** Asks one camera where it looks. How it was had is remembered, so that a question is three or four calls and not a whole acquaintance. */
export function makeAskCamera({ guard, onvif, registry }: AskParts & { readonly onvif: Pick<Onvif, 'aim'> }): (camera: Camera, withPresets: boolean) => Promise<AimAnswer> {
  const ways = new Map<CameraId, { readonly of: string; readonly way: AimAsk['way'] }>()
  return async ({ id, origin, streams }, withPresets) => {
    // A camera that is known by its stream alone, or pushes, has nobody who could be asked.
    if (origin.kind !== 'onvif') return { kind: 'fixed' }
    const target = await guard.check(serviceUrl(origin.address), ['http', 'https'])
    if (!target.ok) return { kind: 'silent', trouble: target.trouble }
    const { user, password } = await registry.credentialsOf(id)
    const of = [origin.address, user, ...streams.map(({ url }) => url)].join(' ')
    const known = ways.get(id)
    const reply = await onvif.aim(target, user || password ? { user, password } : null, { withPresets, streams: streams.map(({ url }) => url), way: known?.of === of ? known.way : null })
    ways.delete(id)
    if (!reply.ok) return { kind: 'silent', trouble: reply.trouble }
    const { way, at, isMoving, presets, untold } = reply.aim
    if (!way) return { kind: 'fixed' }
    // One that will not say may have lost the profile that we remember.
    if (at) ways.set(id, { of, way })
    return { kind: 'told', at, isMoving, presets, untold }
  }
}
