import type { PresetsView, RuleStandingView } from '../contract/rules.js'
import type { AimWait } from '../devices/aims.js'
import { areAlike, isAt, NEAR, type Aim } from '../domain/aim.js'
import { wordWait } from '../domain/aim-words.js'
import type { Words } from '../domain/words.js'
import { troubleView } from './views.js'

export function waitView(wait: AimWait): NonNullable<RuleStandingView['waits']> {
  return { why: wait.why, preset: wait.preset.name, sinceMs: wait.sinceMs, said: waitWords(wait)! }
}

export function waitWords(wait: AimWait | null): Words | null {
  return wait && wordWait(wait.why, { name: wait.preset.name, trouble: wait.trouble?.code ?? null, said: wait.said })
}

/** Presets and the place now, as the editor shows them: from one answer of the camera. */
export function presetsView({ newest, told, presets }: Aim): PresetsView {
  if (!newest || newest.kind === 'fixed') return { is: 'fixed' }
  if (newest.kind === 'silent') return { is: 'silent', trouble: troubleView(newest.trouble)! }
  const at = told?.at ?? null
  const doubt = at === null ? 'untold' : areAlike(presets) ? 'alike' : null
  return {
    is: 'told',
    presets,
    at,
    moving: told?.isMoving ?? false,
    here: at === null || told?.isMoving ? null : (presets.find((preset) => preset.at && isAt(preset.at, at))?.token ?? null),
    near: NEAR,
    doubt: doubt && { why: doubt, said: wordWait(doubt, { name: '', trouble: null, said: newest.untold }) },
  }
}
