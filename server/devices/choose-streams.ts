import type { DeviceProfile } from './onvif-messages.js'

/** One picture source of a device with the streams that suit us; an NVR has many. */
export interface Channel {
  readonly source: string | null
  readonly main: DeviceProfile
  readonly sub: DeviceProfile | null
}

/** What the wall's tiles and the eyes look at; larger costs CPU on every screen (video.md: 0.17 × the CPU of main). */
const SUB_PIXELS = 640 * 360

/**
 * Groups profiles into channels and suggests for each: main is the largest picture, sub the one nearest to 640 × 360.
 * Profiles without an address are left out; an old device may say nothing of its encoder, and the stream itself is asked later.
 */
export function chooseStreams(profiles: readonly DeviceProfile[]): readonly Channel[] {
  const bySource = new Map<string | null, DeviceProfile[]>()
  for (const profile of profiles) {
    if (profile.url === null) continue
    bySource.set(profile.source, [...(bySource.get(profile.source) ?? []), profile])
  }
  return [...bySource].flatMap(([source, list]): Channel[] => {
    const [main, ...rest] = list.toSorted((a, b) => pixels(b) - pixels(a) || preference(b) - preference(a))
    if (!main) return []
    // The same address twice (a "sub" that is an alias of main) would make the camera send its large picture twice.
    const others = rest.filter((one) => one.url !== main.url)
    const [sub] = others.toSorted((a, b) => farFromSub(a) - farFromSub(b) || preference(b) - preference(a))
    return [{ source, main, sub: sub ?? null }]
  })
}

function pixels(profile: DeviceProfile): number {
  return (profile.width ?? 0) * (profile.height ?? 0)
}

function farFromSub(profile: DeviceProfile): number {
  return pixels(profile) === 0 ? Number.MAX_VALUE : Math.abs(Math.log(pixels(profile) / SUB_PIXELS))
}

/** Among equals the one that browsers show without transcoding. */
function preference(profile: DeviceProfile): number {
  return profile.codec === 'h264' ? 2 : profile.codec === 'hevc' ? 1 : 0
}
