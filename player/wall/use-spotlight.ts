import { useEffect, useMemo, useState } from 'react'
import type { AlertView } from '../../server/contract/alerts.js'
import type { CameraView } from '../../server/contract/cameras.js'
import { DARK, stepSpotlight, type Spotlight, type SpotlightVerdict } from './spotlight.js'

/** Which alert holds the first tile now. Only one whose camera can be shown may: an empty spotlight would hide what plays. */
export function useSpotlight(alerts: readonly AlertView[], cameras: readonly CameraView[], nowMs: number): SpotlightVerdict {
  const [spotlight, setSpotlight] = useState<Spotlight>(DARK)
  const visible = useMemo(() => alerts.filter((alert) => cameras.some((camera) => camera.id === alert.cameraId)), [alerts, cameras])
  const [next, verdict] = stepSpotlight(spotlight, visible, nowMs)
  const key = JSON.stringify(next)
  useEffect(() => setSpotlight(JSON.parse(key) as Spotlight), [key])
  return verdict
}
