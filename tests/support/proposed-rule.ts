import type { RuleKind } from '../../analytics/rules/rule.js'
import { KIND_FORMS, type KindForm, type ShapeForm } from '../../server/domain/rule-form.js'

const spot = (x: number, y: number) => ({ x, y })
const SQUARE = [spot(0.2, 0.8), spot(0.8, 0.8), spot(0.7, 0.3), spot(0.3, 0.3)]
const DRAWN: Readonly<Record<ShapeForm['is'], unknown>> = { zone: SQUARE, line: [spot(0.1, 0.5), spot(0.9, 0.5)], arrow: spot(0, -1), lamp: { box: { x1: 0.8, y1: 0.1, x2: 0.83, y2: 0.2 }, order: 'vertical' }, ground: { corners: SQUARE, widthM: 3.5, lengthM: 20 } }

/** A rule as the form proposes it, with something drawn for every shape. */
export function proposedRule(kind: RuleKind, { shapes, numbers, classes, words, uses }: KindForm = KIND_FORMS[kind]): Record<string, unknown> {
  const drawn = shapes.flatMap(({ field, is, side }) => [[field, DRAWN[is]], ...(side ? [[side, 'both']] : [])])
  return { id: 'one', name: 'Một', kind, use: uses[0], classes: classes.proposed, ...(words ? { words: words.proposed } : {}), ...Object.fromEntries(drawn), ...Object.fromEntries(numbers.map(({ field, proposed }) => [field, proposed])) }
}
