import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react'
import type { CameraView, Spot } from '../../server/contract/cameras.js'
import { api, type Refused } from '../api/client.js'
import { tell } from '../api/here.js'
import { Refusal } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { useWords } from '../words/words.js'
import { Canvas } from './canvas.js'
import { beginDrawing, draw, faultsOf, type Drawing, type DrawingDeed } from './drawing.js'
import { LeaveGuard } from './leave-guard.js'
import { isSame } from './rule-draft.js'
import { sizeOf } from './rule-picture.js'
import { MaskViews } from './mask-views.js'
import { usePresetsSeen } from './preset-field.js'
import { isOtherView } from './preset.js'
import type { Shape } from './shape.js'
import { NoStill, StillAge } from './still-words.js'
import { useRuleStill } from './still.js'
import { DrawHint, ToolBar, type Tool } from './tools.js'
import { useDrawKeys } from './use-draw-keys.js'

type Masks = CameraView['masks']

const TOOLS: readonly Tool[] = [{ key: 'V', words: 'draw.mask', deed: { do: 'begin', is: 'mask', field: 'masks' } }]
const NEVER = { current: false }

/** A camera's privacy masks: drawn as zones are, and in force as soon as they are saved, for all of its rules. */
export function MaskEditor({ camera, now, head }: { readonly camera: CameraView; readonly now: number; readonly head: ReactNode }): ReactElement {
  const { t } = useWords()
  const edits = may(useSignedIn(), 'camera.manage')
  const { drawing, act, masks, dirty, save } = useMasks(camera)
  const presets = usePresetsSeen(camera, edits)
  const { still, missing } = useRuleStill(camera.id)
  const [pen, setPen] = useState<Spot | null>(null)
  const navigate = useNavigate()
  useDrawKeys({ tools: TOOLS, drawing, pen, edits, act, setPen, leave: () => void navigate({ to: '/cameras/$cameraId', params: { cameraId: camera.id } }) })
  const faults = faultsOf(drawing)
  return (
    <>
      <section className="mid panel" aria-label={camera.name} data-camera={camera.id} data-masks={camera.masks.length}>
        {head}
        {edits ? <ToolBar tools={TOOLS} drawing={drawing} act={act} /> : null}
        <Canvas picture={still?.url ?? null} size={sizeOf(camera)} drawing={drawing} live={[]} liveLabel="" edits={edits} nameOf={(shape) => (shape.is === 'mask' && shape.preset ? t('masks.named', { view: shape.preset.name }) : t('draw.mask'))} isElsewhere={(shape) => shape.is === 'mask' && isOtherView(shape.preset, presets)} pen={pen} act={act}>
          {still ? null : <NoStill missing={missing} />}
        </Canvas>
        <div className="draw-caption">
          {edits ? <DrawHint open={drawing.open} /> : <span />}
          {still ? <StillAge takenAtMs={still.takenAtMs} now={now} /> : null}
        </div>
        {faults.map(({ fault }, at) => <p key={at} className="draw-fault" role="alert" data-draw-fault={fault}>▲ {t(`draw.fault.${fault}`, { name: t('draw.mask') })}</p>)}
      </section>
      <aside className="act panel rule-act" aria-label={t('masks.title')} data-dirty={dirty}>
        <div className="rule-title"><div className="grow"><h3>{t('masks.title')}</h3><p className="text2 small">{t('masks.count', { count: masks.length })}</p></div></div>
        <MaskViews shapes={drawing.shapes} seen={presets} edits={edits} act={act} />
        <MaskWords />
        {edits ? (
          <div className="decide">
            <Refusal fault={save.error} />
            <button type="button" className="btn main" disabled={!dirty || faults.length > 0 || drawing.open !== null || save.isPending} onClick={() => save.mutate(masks)} data-do="save-masks">{t('masks.save')}</button>
          </div>
        ) : <p className="blk text2 small">{t('masks.view_only')}</p>}
      </aside>
      <LeaveGuard ruleId={null} dirty={edits && dirty} free={NEVER} />
    </>
  )
}

/** What a mask does and what it does not: nobody may think that more is covered than is. */
export function MaskWords(): ReactElement {
  const { t } = useWords()
  return <div className="rule-fields"><div className="blk"><ul className="self-check"><li>{t('masks.covers')}</li><li>{t('masks.leaves')}</li><li>{t('masks.before')}</li><li>{t('masks.still')}</li><li>{t('masks.views')}</li></ul></div></div>
}

function useMasks(camera: CameraView) {
  const { t } = useWords()
  const queries = useQueryClient()
  const begun = useRef<Masks>(camera.masks)
  const [drawing, setDrawing] = useState<Drawing>(() => beginDrawing(shapesOf(camera.masks)))
  const act = (deed: DrawingDeed): void => setDrawing((before) => draw(before, deed))
  const masks = drawing.shapes.flatMap((shape) => (shape.is === 'mask' ? [{ points: shape.points, preset: shape.preset }] : []))
  const dirty = !isSame(masks, begun.current)
  const begin = (next: Masks): void => {
    begun.current = next
    setDrawing(beginDrawing(shapesOf(next)))
  }
  // Another person drew meanwhile: shown, unless it would cost this one's work.
  useEffect(() => {
    if (!dirty && drawing.open === null && !isSame(camera.masks, begun.current)) begin(camera.masks)
  }, [camera.masks, dirty, drawing.open])
  const save = useMutation<CameraView, Refused, Masks>({
    mutationFn: (next) => api.changeCamera(camera.id, { masks: next.map(({ points, preset }) => ({ points: [...points], preset })) }),
    onSuccess: async (answer) => {
      begin(answer.masks)
      tell(t('masks.saved'))
      await queries.invalidateQueries({ queryKey: ['cameras'] })
    },
  })
  return { drawing, act, masks, dirty, save }
}

function shapesOf(masks: Masks): readonly Shape[] {
  return masks.map(({ points, preset }): Shape => ({ is: 'mask', field: 'masks', points, preset }))
}
