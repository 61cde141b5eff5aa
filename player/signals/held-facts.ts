import { clock, moment, number, type Language } from '../words/measures.js'
import type { WordKey } from '../words/vi.js'

interface Words {
  readonly t: (key: WordKey, facts?: Readonly<Record<string, string | number>>) => string
  readonly language: Language
}

export type Facts = Readonly<Record<string, string | number | null>>

export interface FactRow {
  readonly name: string
  readonly value: string
}

/** In this order, whatever order they come in. */
const NAMES = ['class', 'colour', 'seen', 'told', 'lastedMs', 'limitMs', 'phases', 'spanMs', 'passed', 'violators', 'waited', 'atMs', 'sinceMs', 'fromMs', 'untilMs'] as const
type FactName = (typeof NAMES)[number]

const COLOURS = ['red', 'yellow', 'green', 'dark', 'flashing_yellow'] as const
export type LampColour = (typeof COLOURS)[number]
export const colourKey = (colour: unknown): WordKey => `lamp.${COLOURS.find((one) => one === colour) ?? 'unknown'}`

/** The numbers of a fault, a suspension or a vehicle, each with its name and unit; what is not known here is left out. */
export function factRows(facts: Facts, nowMs: number, words: Words): readonly FactRow[] {
  return NAMES.flatMap((name) => {
    const value = facts[name]
    return value === undefined || value === null ? [] : [{ name: words.t(`fact.${name}`), value: wordFact(name, value, nowMs, words) }]
  })
}

function wordFact(name: FactName, value: string | number, nowMs: number, { t, language }: Words): string {
  switch (name) {
    case 'colour':
    case 'seen':
    case 'told':
      return t(colourKey(value))
    case 'lastedMs':
    case 'limitMs':
    case 'spanMs':
      return t('fact.seconds', { count: number(Number(value) / 1000, language) })
    case 'atMs':
    case 'sinceMs':
    case 'fromMs':
      return moment(Number(value), nowMs)
    case 'untilMs':
      return clock(Number(value))
    case 'class':
      return `“${value}”`
    case 'waited':
      return number(Number(value), language, Number.isInteger(value) ? 0 : 1)
    default:
      return number(Number(value), language)
  }
}
