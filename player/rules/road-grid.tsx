import type { ReactElement } from 'react'
import type { Size } from '../ui/drawn.js'
import { gridOf, type Measured, type Road } from './ground.js'

/** Squares on the road: they lie flat and run with its markings, or the corners are wrong. Nothing of it leaves the picture. */
export function RoadGrid({ ground, road, glass: { width, height } }: { readonly ground: Measured; readonly road: Road; readonly glass: Size }): ReactElement {
  return (
    <svg className="road-grid" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true" data-grid>
      {gridOf(ground, road).map(([a, b], at) => <line key={at} x1={a.x * width} y1={a.y * height} x2={b.x * width} y2={b.y * height} />)}
    </svg>
  )
}
