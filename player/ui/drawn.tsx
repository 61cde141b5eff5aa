import type { ReactElement } from 'react'
import type { WitnessView } from '../../server/contract/alerts.js'
import type { RuleView, Spot } from '../../server/contract/cameras.js'
import { number } from '../words/measures.js'
import { useWords } from '../words/words.js'
import type { WordKey } from '../words/vi.js'

/** A picture's own size; geometry is kept in 0..1 of it. */
export interface Size {
  readonly width: number
  readonly height: number
}
export const USUAL_SIZE: Size = { width: 1280, height: 720 }

/**
 * Laid exactly over a picture that is shown whole (`object-fit: contain`): same view box, same fit. Over the picture of `now` nothing is
 * drawn of a rule that waits for its preset: it lies on another view.
 */
export function Drawn({ size, rules, witnesses = [], names = false, now = false }: { readonly now?: boolean; readonly size: Size; readonly rules: readonly RuleView[]; readonly witnesses?: readonly WitnessView[]; readonly names?: boolean }): ReactElement {
  return (
    <svg className="drawn" viewBox={`0 0 ${size.width} ${size.height}`} preserveAspectRatio="xMidYMid meet" aria-hidden="true">
      {rules.map((rule, at) => now && rule.waits ? null : <RuleShape key={rule.id} rule={rule} size={size} label={names ? `${at + 1} ${rule.name}` : null} />)}
      {witnesses.map((witness) => <Witness key={witness.trackId} witness={witness} size={size} />)}
    </svg>
  )
}

function RuleShape({ rule, size, label }: { readonly rule: RuleView; readonly size: Size; readonly label: string | null }): ReactElement {
  const points = (spots: readonly Spot[]): string => spots.map((spot) => `${spot.x * size.width},${spot.y * size.height}`).join(' ')
  const lamp = lampOf(rule.rule)
  const centre = rule.zone ? middle(rule.zone) : rule.line ? middle(rule.line) : null
  const at = rule.zone ? top(rule.zone) : (rule.line?.[0] ?? null)
  const text = size.height * 0.032
  return (
    <g className={rule.enabled ? '' : 'off'}>
      {rule.zone ? <polygon className="zone" points={points(rule.zone)} /> : null}
      {rule.line ? <polyline className="line" points={points(rule.line)} /> : null}
      {lamp ? <rect className="lamp" x={lamp.x1 * size.width} y={lamp.y1 * size.height} width={(lamp.x2 - lamp.x1) * size.width} height={(lamp.y2 - lamp.y1) * size.height} /> : null}
      {rule.direction && centre ? <Arrow from={centre} way={rule.direction} size={size} /> : null}
      {label && at ? <text className="name" x={Math.max(text * 0.4, Math.min(at.x * size.width, size.width - label.length * text * 0.56))} y={Math.max(text * 1.1, at.y * size.height - text * 0.5)} fontSize={text}>{label}</text> : null}
    </g>
  )
}

function Arrow({ from, way, size }: { readonly from: Spot; readonly way: Spot; readonly size: Size }): ReactElement | null {
  const length = Math.hypot(way.x * size.width, way.y * size.height)
  if (length === 0) return null
  const reach = size.height * 0.11
  const [ux, uy] = [(way.x * size.width) / length, (way.y * size.height) / length]
  const [x, y] = [from.x * size.width, from.y * size.height]
  const [tx, ty] = [x + ux * reach, y + uy * reach]
  const barb = reach * 0.34
  const side = (turn: number): string => `${tx + barb * (-ux * 0.8 + turn * -uy * 0.6)},${ty + barb * (-uy * 0.8 + turn * ux * 0.6)}`
  return <path className="way" d={`M${x - ux * reach},${y - uy * reach} L${tx},${ty} M${side(1)} L${tx},${ty} L${side(-1)}`} />
}

function Witness({ witness, size }: { readonly witness: WitnessView; readonly size: Size }): ReactElement {
  const { t, language } = useWords()
  const [x, y, width, height] = [witness.box.x1 * size.width, witness.box.y1 * size.height, (witness.box.x2 - witness.box.x1) * size.width, (witness.box.y2 - witness.box.y1) * size.height]
  const text = size.height * 0.03
  const label = `${className(witness.class, t)} · ${number(witness.score, language, 2)}`
  const plate = label.length * text * 0.56 + text * 0.8
  const above = y > text * 1.6
  return (
    <g>
      <rect className="witness" x={x} y={y} width={width} height={height} />
      <rect className="plate" x={x} y={above ? y - text * 1.5 : y} width={plate} height={text * 1.5} />
      <text className="label" x={x + text * 0.4} y={(above ? y - text * 1.5 : y) + text * 1.08} fontSize={text}>{label}</text>
    </g>
  )
}

const CLASSES: Readonly<Record<string, WordKey>> = { person: 'class.person', two_wheeler: 'class.two_wheeler', car: 'class.car', bus: 'class.bus', truck: 'class.truck' }

export function className(name: string, t: (key: WordKey) => string): string {
  const key = CLASSES[name]
  return key ? t(key) : name
}

function middle(spots: readonly Spot[]): Spot {
  return { x: spots.reduce((sum, spot) => sum + spot.x, 0) / spots.length, y: spots.reduce((sum, spot) => sum + spot.y, 0) / spots.length }
}

function top(spots: readonly Spot[]): Spot | null {
  return spots.reduce<Spot | null>((best, spot) => (best === null || spot.y < best.y ? spot : best), null)
}

/** The lamp's box is inside the whole rule, which the contract leaves open; read only if it has the shape we know. */
function lampOf(rule: unknown): { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number } | null {
  const box = (rule as { lamp?: { box?: unknown } } | null)?.lamp?.box as Record<string, unknown> | undefined
  const read = (name: string): number => (typeof box?.[name] === 'number' ? box[name] : Number.NaN)
  const [x1, y1, x2, y2] = [read('x1'), read('y1'), read('x2'), read('y2')]
  return [x1, y1, x2, y2].every(Number.isFinite) ? { x1, y1, x2, y2 } : null
}
