import { readFile } from 'node:fs/promises'
import type { InspectForm, InspectionView } from '../contract/cameras.js'
import type { Registry } from '../devices/registry.js'
import type { Place } from '../domain/camera.js'
import type { AreaId, CameraId, PersonId, RuleId } from '../domain/ids.js'
import { ROLES, type Role } from '../domain/person.js'
import type { Rules } from '../rules/open-rules.js'
import type { Rule } from '../domain/seen.js'
import type { City, CityCamera } from '../sandbox/city.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'
import type { Log } from '../system/log.js'
import type { Passwords } from '../system/password.js'
import { rulesFromTruth } from './judge-rules.js'
import { parseTruth } from './judge-truth.js'

export interface Account {
  readonly role: Role
  readonly name: string
  readonly password: string
}

export interface SettleParts {
  readonly store: Store
  readonly registry: Registry
  readonly rules: Rules
  readonly passwords: Passwords
  readonly clock: Clock
  readonly log: Log
  inspect(form: InspectForm): Promise<InspectionView>
  firstArea(siteName: string): Promise<AreaId>
}

/** Invented people of an operation centre; the city is fictional, the street names are Long Xuyên's. */
const PEOPLE: Readonly<Record<Role, { readonly name: string; readonly displayName: string }>> = {
  police: { name: 'trucban', displayName: 'Lê Thị Hạnh' },
  traffic: { name: 'csgt', displayName: 'Trần Quốc Bảo' },
  ioc: { name: 'ioc', displayName: 'Nguyễn Minh Thư' },
  admin: { name: 'quantri', displayName: 'Võ Quốc Khánh' },
}
const WARDS = ['Phường Long Xuyên', 'Phường Mỹ Thới'] as const
/** Where each virtual camera hangs: along two streets, about 150 m apart, each seeing 80 m. */
const STREETS = ['Trần Hưng Đạo', 'Hùng Vương'] as const

/** Makes the area tree and one account for each role, once; later runs find them as they are. */
export async function settlePeople(parts: SettleParts, password: string, siteName: string): Promise<readonly Account[]> {
  const { store, passwords, clock } = parts
  const root = await parts.firstArea(siteName)
  const areas = await store.areas.list()
  for (const name of WARDS) if (!areas.some((area) => area.name === name)) await store.areas.add({ id: newId<AreaId>(), name, parent: root })
  const passwordHash = await passwords.hash(password)
  for (const role of ROLES) {
    const { name, displayName } = PEOPLE[role]
    if (await store.people.findForSignIn(name)) continue
    await store.people.add({ id: newId<PersonId>(), name, displayName, role, areas: [root], language: 'vi', passwordHash, createdAtMs: clock.wallMs() })
  }
  return ROLES.map((role) => ({ role, name: PEOPLE[role].name, password }))
}

export interface Settled {
  readonly cameraId: CameraId
  readonly virtual: CityCamera
}

/**
 * Registers each virtual camera as an administrator would: asks the device over ONVIF, takes the streams that the ladder
 * suggests, draws the rules of its scene. A camera already there is left alone.
 */
export async function settleCameras(parts: SettleParts, city: City): Promise<readonly Settled[]> {
  const wards = (await parts.store.areas.list()).filter(({ name }) => (WARDS as readonly string[]).includes(name))
  const settled: Settled[] = []
  for (const [index, virtual] of city.cameras.entries()) {
    const known = (await parts.store.cameras.list()).find(({ origin }) => origin.kind === 'onvif' && origin.address === virtual.onvifUrl)
    const areaId = wards[index % wards.length]?.id
    if (!known && !areaId) throw new Error('the area tree of the sandbox city is missing: settlePeople comes first')
    const cameraId = known?.id ?? (await settleCamera(parts, { virtual, index, areaId: areaId! }))
    if (cameraId) settled.push({ cameraId, virtual })
  }
  return settled
}

async function settleCamera({ inspect, registry, rules, log }: SettleParts, { virtual, index, areaId }: { readonly virtual: CityCamera; readonly index: number; readonly areaId: AreaId }): Promise<CameraId | null> {
  const seen = await inspect({ kind: 'onvif', address: virtual.onvifUrl, ...virtual.sticker })
  const urlOf = (token: string | null): string | undefined => seen.profiles.find((profile) => profile.token === token)?.url
  const [main, sub] = [urlOf(seen.suggested.main), urlOf(seen.suggested.sub)]
  if (!main) {
    log.error({ camera: virtual.id, rungs: seen.rungs }, 'a virtual camera could not be registered')
    return null
  }
  const added = await registry.add({ name: virtual.scene.name.vi, areaId, place: placeOf(index), origin: { kind: 'onvif', address: virtual.onvifUrl }, mainUrl: main, subUrl: sub, ...virtual.sticker }, null)
  if (!added.ok) {
    log.error({ camera: virtual.id, faults: added.faults }, 'a virtual camera could not be registered')
    return null
  }
  for (const { rule } of rulesFromTruth(parseTruth(await readFile(virtual.scene.truthFile, 'utf8')))) {
    const id = `${virtual.id}-${rule.id}`.slice(0, 64) as RuleId
    const put = await rules.put({ cameraId: added.camera.id, ruleId: id }, { rule: { ...rule, name: nameOf(rule) }, enabled: true }, null)
    if (!put.ok) log.error({ camera: virtual.id, refused: 'faults' in put ? put.faults : put.refusal }, 'a rule of the scene was refused')
  }
  return added.camera.id
}

const RULE_NAMES: Readonly<Partial<Record<Rule['kind'], string>>> = { line_crossing: 'Qua vạch', intrusion: 'Vùng cấm vào', wrong_way: 'Đường một chiều', illegal_stop: 'Cấm dừng đỗ', red_light: 'Đèn tín hiệu', crowd: 'Tụ tập đông người' }

/** A scene's truth names its rules by their shapes; a city calls them by what they are for. */
function nameOf(rule: Rule): string {
  return RULE_NAMES[rule.kind] ?? rule.name
}

/** A degree of latitude is 111 km; at 10.4° north one of longitude is 109 km. */
function placeOf(index: number): Place {
  const along = Math.floor(index / STREETS.length)
  return {
    latitude: Number((10.3866 + (index % STREETS.length) * 0.0022).toFixed(6)),
    longitude: Number((105.4352 + along * 0.0014).toFixed(6)),
    street: STREETS[index % STREETS.length]!,
    order: along + 1,
    heading: (index * 60) % 360,
    reachM: 80,
  }
}
