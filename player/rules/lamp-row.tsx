import type { ReactElement } from 'react'
import type { RuleKindView } from '../../server/contract/rules.js'
import { Segments } from '../ui/pieces.js'
import { useWords } from '../words/words.js'
import type { Drawing, DrawingDeed } from './drawing.js'
import { FieldRow, type Beside } from './field-row.js'
import { LampFeedChoice, type Controllers } from './lamp-feed.js'
import { LampSeenLine, type LampSeen } from './lamp-seen.js'
import type { RuleDraft } from './rule-draft.js'
import type { LampOrder } from './shape.js'

const ORDERS: readonly LampOrder[] = ['vertical', 'horizontal', 'single']

interface LampRowProps {
  readonly kind: RuleKindView
  readonly draft: RuleDraft
  readonly drawing: Drawing
  readonly beside: Beside
  readonly lampSeen: LampSeen
  readonly controllers: Controllers
  readonly now: number
  readonly change: (part: Partial<RuleDraft>) => void
  readonly act: (deed: DrawingDeed) => void
}

/** The rule's lamp: how its lights stand where it is drawn, what it shows now, and who else tells of it. */
export function LampRow({ kind, draft, drawing, beside, lampSeen, controllers, now, change, act }: LampRowProps): ReactElement | null {
  const { t } = useWords()
  if (!kind.shapes.some(({ is }) => is === 'lamp')) return null
  const at = drawing.shapes.findIndex(({ is }) => is === 'lamp')
  const lamp = drawing.shapes[at]
  return (
    <FieldRow field="lamp" says={t('rule.lamp')} beside={beside}>
      {lamp?.is === 'lamp' ? (
        <>
          <Segments label={t('draw.order')} value={lamp.order} options={ORDERS.map((order) => [order, t(`draw.order.${order}`)])} onPick={(order) => act({ do: 'order', shape: at, order })} />
          <LampSeenLine seen={lampSeen} order={lamp.order} />
        </>
      ) : <small className="text3">{t(draft.feed ? 'lamp_feed.told_alone' : 'lamp_feed.undrawn')}</small>}
      <LampFeedChoice feed={draft.feed} controllers={controllers} seen={lampSeen} now={now} onFeed={(feed) => change({ feed })} />
    </FieldRow>
  )
}
