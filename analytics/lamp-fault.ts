import type { LampState } from './lamp.js'

/**
 * What is wrong with a lamp, since when, with the numbers that say so. A lamp that flashes yellow at night is in order (Law
 * 36/2024, article 11: proceed with care), and no fault here.
 */
export type LampFault =
  /** One colour for longer than the rule allows. */
  | { readonly code: 'stuck'; readonly sinceMs: number; readonly colour: LampState; readonly lastedMs: number; readonly limitMs: number }
  /** It had shone before. */
  | { readonly code: 'dark'; readonly sinceMs: number; readonly lastedMs: number; readonly limitMs: number }
  /** Red and green together. */
  | { readonly code: 'two_colours'; readonly sinceMs: number; readonly lastedMs: number }
  /** Red and green take turns faster than any programme does. */
  | { readonly code: 'too_fast'; readonly sinceMs: number; readonly phases: number; readonly spanMs: number }
  /** Of those who passed in one round of the lamp most passed on red, and hardly anybody waited (`waited`: on average): it is not they who err. */
  | { readonly code: 'flow'; readonly sinceMs: number; readonly violators: number; readonly passed: number; readonly waited: number }
  /** The picture shows one thing, the controller tells another. */
  | { readonly code: 'feed_differs'; readonly sinceMs: number; readonly lastedMs: number; readonly seen: LampState; readonly told: LampState }

export type LampFaultCode = LampFault['code']
export const LAMP_FAULTS = ['stuck', 'dark', 'two_colours', 'too_fast', 'flow', 'feed_differs'] as const satisfies readonly LampFaultCode[]
