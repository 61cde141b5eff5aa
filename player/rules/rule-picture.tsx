import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState, type ReactElement } from 'react'
import type { CameraView, Spot } from '../../server/contract/cameras.js'
import type { RuleKindView } from '../../server/contract/rules.js'
import { USUAL_SIZE, type Size } from '../ui/drawn.js'
import { streamFor } from '../wall/use-live.js'
import { useWords } from '../words/words.js'
import { Canvas } from './canvas.js'
import { faultsOf } from './drawing.js'
import { NoStill, StillAge } from './still-words.js'
import { useRuleStill } from './still.js'
import { isPermitField, permitField, type Shape } from './shape.js'
import { DrawHint, ToolBar, toolsOf } from './tools.js'
import { useDrawKeys } from './use-draw-keys.js'
import type { Drafting } from './use-rule-draft.js'

/** The size of the camera's picture, as it says itself. */
export function sizeOf(camera: CameraView): Size {
  const stream = streamFor(camera, 'main')
  return stream?.width && stream.height ? { width: stream.width, height: stream.height } : USUAL_SIZE
}

interface PictureProps {
  readonly camera: CameraView
  readonly kind: RuleKindView
  readonly drafting: Drafting
  readonly edits: boolean
  readonly live: { readonly version: number; readonly shapes: readonly Shape[] } | null
  /** The camera was turned away from the preset that the rule is bound to. */
  readonly otherView: boolean
  readonly now: number
}

/** What is drawn on, with its tools above and what is still missing beneath. */
export function RulePicture({ camera, kind, drafting: { draft, drawing, act }, edits, live, otherView, now }: PictureProps): ReactElement {
  const { t, pick } = useWords()
  const { still, missing } = useRuleStill(camera.id)
  const [pen, setPen] = useState<Spot | null>(null)
  const tools = useMemo(() => toolsOf(kind), [kind])
  const navigate = useNavigate()
  useDrawKeys({ tools, drawing, pen, edits, act, setPen, leave: () => void navigate({ to: '/cameras/$cameraId', params: { cameraId: camera.id } }) })
  const size = sizeOf(camera)
  const wordsOf = (field: string): string => {
    const form = kind.shapes.find((one) => one.field === field)
    const permit = draft.permits.find(({ key }) => permitField(key) === field)
    if (form) return pick(form.says)
    // Undoing brings back what was drawn, and not the paper it was drawn for.
    if (isPermitField(field)) return permit ? t('draw.permit_name', { reference: permit.reference }) : t('draw.permit_gone')
    return t(field === 'check' ? 'draw.check_name' : 'draw.exclusion_name')
  }
  // A lamp that a controller tells of need not be seen.
  const needed = kind.shapes.filter(({ field, is }) => !drawing.shapes.some((shape) => shape.field === field) && !(is === 'lamp' && draft.feed?.approach))
  return (
    <>
      {edits && tools.length > 0 ? <ToolBar tools={tools} drawing={drawing} act={act} /> : null}
      <Canvas picture={still?.url ?? null} size={size} drawing={drawing} live={live?.shapes ?? []} liveLabel={live ? t('draw.live_shape', { version: live.version }) : ''} edits={edits} nameOf={({ field }) => wordsOf(field)} pen={pen} act={act}>
        {still ? null : <NoStill missing={missing} />}
      </Canvas>
      <div className="draw-caption">
        {otherView && edits ? <b role="status" data-other-view>▲ {t('rule.preset_away', { name: draft.preset?.name ?? '' })}</b> : edits && tools.length > 0 ? <DrawHint open={drawing.open} /> : <span />}
        {still ? <StillAge takenAtMs={still.takenAtMs} now={now} /> : null}
      </div>
      {needed.length > 0 && edits ? <p className="draw-needed" data-needed>{t('draw.needed', { shapes: needed.map(({ says }) => pick(says)).join(', ') })}</p> : null}
      {faultsOf(drawing).map(({ field, fault }, at) => <p key={at} className="draw-fault" role="alert" data-draw-fault={fault}>▲ {t(`draw.fault.${fault}`, { name: wordsOf(field) })}</p>)}
    </>
  )
}
