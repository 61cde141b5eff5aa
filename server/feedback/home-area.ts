import type { Area } from '../domain/area.js'
import type { Camera } from '../domain/camera.js'
import type { AreaId } from '../domain/ids.js'
import { metresBetween } from '../domain/report.js'

/** Farther from every camera than this, "nearest camera" says nothing of the ward. */
export const HOME_M_MAX = 3_000

/**
 * Whose eyes a report is for: the area of the nearest camera. A report without a point, or far from all cameras, belongs to
 * the whole city (the root), so that somebody sees it: with no area at all it would stand in nobody's list.
 */
export function findHomeArea(point: { readonly latitude: number | null; readonly longitude: number | null }, cameras: readonly Camera[], areas: readonly Area[]): AreaId | null {
  const { latitude, longitude } = point
  const root = areas.find((area) => area.parent === null)?.id ?? null
  if (latitude === null || longitude === null) return root
  const nearest = cameras
    .map((camera) => ({ areaId: camera.areaId, distanceM: metresBetween(latitude, longitude, camera.place.latitude, camera.place.longitude) }))
    .filter(({ distanceM }) => distanceM <= HOME_M_MAX)
    .toSorted((a, b) => a.distanceM - b.distanceM)[0]
  return nearest?.areaId ?? root
}
