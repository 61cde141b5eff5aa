import type { DiscoveryView, InspectForm, InspectionView, ProfileView } from '../contract/cameras.js'
import type { AddressGuard } from '../devices/address-guard.js'
import { discover } from '../devices/discovery.js'
import { inspectCamera, type SuggestedStream } from '../devices/ladder.js'
import type { Onvif } from '../devices/onvif.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { troubleView } from './views.js'

const DISCOVERY_PORT = 3702

/** Asks the networks the settings allow, or just the addresses typed in: host, host:port or a CIDR of at most /22. */
export function makeDiscover({ guard, clock, store, multicast, targets }: { readonly guard: AddressGuard; readonly clock: Clock; readonly store: Store; readonly multicast: boolean; readonly targets: readonly { readonly address: string; readonly port: number }[] }): (addresses: readonly string[]) => Promise<DiscoveryView> {
  return async (addresses) => {
    const typed = addresses.filter((text) => !text.includes('/')).map((text) => targetOf(text))
    const sweeps = addresses.filter((text) => text.includes('/'))
    const named = addresses.length > 0
    const { found, faults } = await discover({ targets: named ? typed : targets, sweeps, multicast: named ? false : multicast, guard, clock })
    const known = new Set((await store.cameras.list()).flatMap(({ origin }) => (origin.kind === 'onvif' ? [hostOf(origin.address)] : [])))
    return {
      found: found.flatMap((device) => {
        const address = device.services[0]?.url
        return address ? [{ address, name: device.name ?? '', hardware: device.hardware ?? '', location: device.location ?? '', known: known.has(hostOf(address)) }] : []
      }),
      faults: faults.map(({ where, said }) => ({ network: where, said })),
    }
  }
}

function targetOf(text: string): { readonly address: string; readonly port: number } {
  const match = /^(.+):(\d{1,5})$/.exec(text)
  return match && !match[1]!.includes(':') ? { address: match[1]!, port: Number(match[2]) } : { address: text, port: DISCOVERY_PORT }
}

function hostOf(address: string): string {
  const url = address.includes('://') ? address : `http://${address}`
  return URL.canParse(url) ? new URL(url).host : address
}

/** Climbs the ladder for a form of the API. Nothing of the credentials is in the answer. */
export function makeInspect(parts: { readonly guard: AddressGuard; readonly clock: Clock; readonly onvif: Onvif }): (form: InspectForm) => Promise<InspectionView> {
  return async (form) => {
    const seen = await inspectCamera(form, parts)
    const offered = seen.profiles.flatMap(({ token, name, url, codec, width, height, fps }): ProfileView[] => (url ? [{ token, name, url, codec, width, height, fps }] : []))
    const { main, sub } = seen.suggested
    // A camera given by its addresses has no profiles of its own: what was probed stands in their place.
    const probed = offered.length === 0 ? [...(main ? [profileOf('main', main)] : []), ...(sub ? [profileOf('sub', sub)] : [])] : offered
    const tokenOf = (stream: SuggestedStream | null): string | null => (stream && (probed.find(({ token, url }) => token === stream.token || url === stream.url)?.token ?? null)) ?? null
    return {
      verdict: seen.verdict,
      rungs: seen.rungs.map(({ rung, ok, ms, said, trouble }) => ({ rung, ok, ms, said, trouble: troubleView(trouble ?? null) })),
      device: seen.identity && { maker: seen.identity.manufacturer, model: seen.identity.model, firmware: seen.identity.firmware, serial: seen.identity.serial, ptz: seen.ptz, events: seen.events },
      profiles: probed,
      suggested: { main: tokenOf(main), sub: tokenOf(sub) },
    }
  }
}

function profileOf(role: 'main' | 'sub', { url, codec, width, height, fps }: SuggestedStream): ProfileView {
  return { token: role, name: role, url, codec, width, height, fps }
}
