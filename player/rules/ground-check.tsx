import type { ReactElement } from 'react'
import type { Size } from '../ui/drawn.js'
import { number } from '../words/measures.js'
import { useWords } from '../words/words.js'
import type { Drawing } from './drawing.js'
import { gridStepM, metresBetween, mountOf, roadOf, type Mount, type Road } from './ground.js'
import { faultOf, type Shape } from './shape.js'

type Ground = Extract<Shape, { is: 'ground' }>
type Check = Extract<Shape, { is: 'check' }>

/** A known length that comes out further off means speeds that are as far off. */
const OFF_SHARE_MAX = 0.1

/** Whether the calibration can be right, in words that a person can hold against the street. Nothing is said of corners that have a fault. */
export function GroundCheck({ ground, shapes, size }: { readonly ground: Ground; readonly shapes: Drawing['shapes']; readonly size: Size }): ReactElement | null {
  const { t, language } = useWords()
  const road = faultOf(ground) === null ? roadOf(ground) : null
  if (!road) return null
  const check = shapes.find((shape) => shape.is === 'check')
  const beyond = shapes.some((shape) => shape.is === 'zone' && shape.points.some((spot) => road.onRoad(spot) === null))
  const step = gridStepM(ground)
  return (
    <ul className="self-check" aria-label={t('ground.self_check')}>
      <MountLine ground={ground} mount={mountOf(ground, size.width / size.height)} />
      <li>{t('ground.grid', { step: number(step, language, Number.isInteger(step) ? 0 : 1) })}</li>
      {beyond ? <li className="wrong" data-self-check="zone_beyond">▲ {t('ground.zone_beyond')}</li> : null}
      <KnownLine road={road} check={check ?? null} />
    </ul>
  )
}

function MountLine({ ground, mount }: { readonly ground: Ground; readonly mount: Mount }): ReactElement {
  const { t, language } = useWords()
  if (mount.is === 'no_perspective') return <li data-self-check="no_perspective">{t('ground.no_perspective')}</li>
  const metres = (value: number): string => number(value, language, Number.isInteger(value) ? 0 : 1)
  if (mount.is === 'no_camera') return <li className="wrong" data-self-check="no_camera">▲ {t('ground.no_camera', { width: metres(ground.widthM), length: metres(ground.lengthM) })}</li>
  const facts = { height: number(mount.heightM, language, 1), fov: number(mount.fovDeg, language) }
  return mount.likely ? <li data-self-check="camera" data-height={mount.heightM.toFixed(2)} data-fov={mount.fovDeg.toFixed(1)}>{t('ground.camera', facts)}</li> : <li className="wrong" data-self-check="unlikely">▲ {t('ground.unlikely', facts)}</li>
}

function KnownLine({ road, check }: { readonly road: Road; readonly check: Check | null }): ReactElement {
  const { t, language } = useWords()
  if (!check) return <li data-self-check="not_checked">{t('ground.check_none')}</li>
  const metres = metresBetween(road, [check.points[0]!, check.points[1]!])
  if (metres === null) return <li className="wrong" data-self-check="check_beyond">▲ {t('ground.check_beyond')}</li>
  const measured = number(metres, language, 1)
  if (check.knownM === null) return <li data-self-check="length_unknown">{t('ground.check_measured', { measured })}</li>
  const off = Math.abs(metres / check.knownM - 1)
  const facts = { measured, known: number(check.knownM, language, 1), off: number(off * 100, language) }
  return off <= OFF_SHARE_MAX ? <li data-self-check="check_right">✓ {t('ground.check_right', facts)}</li> : <li className="wrong" data-self-check="check_wrong">▲ {t('ground.check_wrong', facts)}</li>
}
