import type { Camera, Place } from '../domain/camera.js'
import type { AddressGuard } from './address-guard.js'
import type { AreaId, CameraId, PersonId, StreamId } from '../domain/ids.js'
import type { PrivacyMask } from '../domain/privacy-mask.js'
import { TROUBLE_WORDS } from '../domain/trouble.js'
import type { Bus } from '../flow/topics.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'
import type { SecretBox } from '../system/secret-box.js'

export interface NewCamera {
  readonly name: string
  readonly areaId: AreaId
  readonly place: Place
  readonly origin: Camera['origin']
  readonly mainUrl: string
  readonly subUrl?: string | undefined
  readonly user: string
  readonly password: string
}

export type Faults = readonly { readonly field: string; readonly reason: string }[]

/** Keeps the list of cameras: rows, sealed credentials and the line in the change log together, then the nudge. */
export interface Registry {
  add(form: NewCamera, by: PersonId | null): Promise<{ readonly ok: true; readonly camera: Camera } | { readonly ok: false; readonly faults: Faults }>
  change(id: CameraId, part: { name?: string | undefined; areaId?: AreaId | undefined; enabled?: boolean | undefined; place?: Place | undefined; sound?: boolean | undefined; masks?: readonly PrivacyMask[] | undefined; user?: string | undefined; password?: string | undefined }, by: PersonId): Promise<Camera | null>
  remove(id: CameraId, by: PersonId): Promise<boolean>
  /** For whoever must open the stream; never for an answer. */
  credentialsOf(id: CameraId): Promise<Credentials>
}

export interface Credentials {
  readonly user: string
  readonly password: string
}

export function makeRegistry({ store, bus, clock, box, guard }: { readonly store: Store; readonly bus: Bus; readonly clock: Clock; readonly box: SecretBox; readonly guard: AddressGuard }): Registry {
  const tell = (cameraId: CameraId, seq: number): void => {
    bus.publish('camera.changed', { cameraId })
    bus.publish('changes.appended', { seq })
  }
  const sealed = (id: CameraId, credentials: Credentials) => (credentials.user || credentials.password ? box.seal(JSON.stringify(credentials), id) : null)

  /** An RTSP address inside the camera networks that carries no credentials: those are kept sealed, apart. */
  const streamUrl = async (text: string): Promise<{ readonly url: string } | { readonly reason: string }> => {
    const url = plainUrl(text)
    if (url === null) return { reason: 'must be rtsp:// or rtsps:// without user name and password in it' }
    const verdict = await guard.check(url, ['rtsp', 'rtsps'])
    return verdict.ok ? { url } : { reason: `${TROUBLE_WORDS[verdict.trouble.code].state.en}: ${TROUBLE_WORDS[verdict.trouble.code].next.en}` }
  }

  const credentialsOf = async (id: CameraId): Promise<Credentials> => {
    const stored = await store.cameras.credentials(id)
    return stored ? (JSON.parse(box.open(stored, id)) as Credentials) : { user: '', password: '' }
  }

  return {
    credentialsOf,
    async add(form, by) {
      const main = await streamUrl(form.mainUrl)
      const sub = form.subUrl ? await streamUrl(form.subUrl) : null
      const faults = [...('reason' in main ? [{ field: 'mainUrl', reason: main.reason }] : []), ...(sub && 'reason' in sub ? [{ field: 'subUrl', reason: sub.reason }] : [])]
      if ('reason' in main || (sub && 'reason' in sub)) return { ok: false, faults }
      const id = newId<CameraId>()
      const unknown = { codec: null, width: null, height: null, fps: null }
      const streams = [{ id: newId<StreamId>(), role: 'main' as const, url: main.url, ...unknown }, ...(sub && sub.url !== main.url ? [{ id: newId<StreamId>(), role: 'sub' as const, url: sub.url, ...unknown }] : [])]
      const atMs = clock.wallMs()
      const { camera, seq } = await store.transact(async (tx) => {
        const added = await tx.cameras.add({ id, name: form.name, areaId: form.areaId, enabled: true, place: form.place, origin: form.origin, streams }, atMs)
        await tx.cameras.setCredentials(id, sealed(id, { user: form.user, password: form.password }))
        return { camera: added, seq: await tx.changes.append({ topic: 'camera', entityId: id, areaId: added.areaId, what: 'added', by, atMs, facts: { name: form.name } }) }
      })
      tell(id, seq)
      return { ok: true, camera }
    },
    async change(id, { user, password, ...part }, by) {
      const before = user !== undefined || password !== undefined ? await credentialsOf(id) : null
      const fields = Object.entries(part).filter(([, value]) => value !== undefined)
      const atMs = clock.wallMs()
      const done = await store.transact(async (tx) => {
        const camera = fields.length > 0 ? await tx.cameras.change(id, Object.fromEntries(fields)) : await tx.cameras.get(id)
        if (!camera) return null
        if (before) await tx.cameras.setCredentials(id, sealed(id, { user: user ?? before.user, password: password ?? before.password }))
        const seq = await tx.changes.append({ topic: 'camera', entityId: id, areaId: camera.areaId, what: 'changed', by, atMs, facts: { fields: [...fields.map(([name]) => name), ...(before ? ['credentials'] : [])].join(' ') } })
        return { camera, seq }
      })
      if (!done) return null
      tell(id, done.seq)
      return done.camera
    },
    async remove(id, by) {
      const atMs = clock.wallMs()
      const seq = await store.transact(async (tx) => {
        const camera = await tx.cameras.get(id)
        if (!camera || !(await tx.cameras.remove(id))) return null
        return tx.changes.append({ topic: 'camera', entityId: id, areaId: camera.areaId, what: 'removed', by, atMs, facts: { name: camera.name } })
      })
      if (seq === null) return false
      tell(id, seq)
      return true
    },
  }
}

function plainUrl(text: string): string | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  return (url.protocol === 'rtsp:' || url.protocol === 'rtsps:') && !url.username && !url.password && url.hostname ? url.toString() : null
}
