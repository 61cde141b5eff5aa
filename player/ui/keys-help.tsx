import type { ReactElement } from 'react'
import { useWords } from '../words/words.js'
import type { WordKey } from '../words/vi.js'
import { Modal } from './pieces.js'

type Row = readonly [keys: readonly string[], words: WordKey]

const EVERYWHERE: readonly Row[] = [[['?'], 'keys.help'], [['/'], 'keys.search'], [['`', '1–6'], 'keys.tab'], [['Esc'], 'keys.back']]
const OF_SCREEN: Readonly<Record<string, readonly Row[]>> = {
  wall: [[['1–99'], 'keys.tile'], [['Enter'], 'keys.enlarge'], [['L', '←→'], 'keys.neighbours'], [['T'], 'keys.claim'], [['P'], 'keys.replay10'], [['M', '1–9'], 'keys.push'], [['B'], 'keys.bookmark'], [['G', '1–6'], 'keys.layout'], [['Space'], 'keys.tour'], [['H'], 'keys.listen'], [['N'], 'keys.walls'], [['C'], 'keys.meeting'], [['V', '1–99'], 'keys.swap'], [['K'], 'keys.kiosk']],
  playback: [[['Space'], 'keys.run'], [['←', '→'], 'keys.frame'], [['Ctrl', '←→'], 'keys.leap'], [['K', 'L'], 'keys.speed'], [['P', 'N'], 'keys.mark'], [['↑', '↓'], 'keys.zoom'], [['B'], 'keys.bookmark'], [['C'], 'keys.cut'], [['H'], 'keys.hold'], [['T'], 'keys.go_to'], [['G'], 'keys.record']],
  meeting: [[['←', '→'], 'keys.page'], [['B'], 'keys.blank']],
  desk: [[['↑', '↓'], 'keys.pick'], [['Enter'], 'keys.open'], [['T'], 'keys.claim'], [['C'], 'keys.confirm'], [['B', '1–6'], 'keys.reject'], [['N'], 'keys.note'], [['P'], 'keys.replay'], [['V'], 'keys.full'], [['L'], 'keys.switch'], [['G'], 'keys.plate']],
  signals: [[['M'], 'keys.signal_page'], [['↑', '↓'], 'keys.pick'], [['C'], 'keys.release'], [['B'], 'keys.dismiss'], [['1–3', 'N', 'Enter'], 'keys.settle_reason'], [['T'], 'keys.mark_or_add'], [['P'], 'keys.replay'], [['Space'], 'keys.run'], [['K'], 'keys.end_or_close'], [['N', 'B'], 'keys.controller']],
  reports: [[['↑', '↓'], 'keys.pick'], [['1–3'], 'keys.candidate'], [['C'], 'keys.confirm_link'], [['B'], 'keys.reject_link'], [['N'], 'keys.answer']],
  models: [[['↑', '↓'], 'keys.pick'], [['N'], 'keys.add_model'], [['T'], 'keys.try_model'], [['C'], 'keys.use_model'], [['Space'], 'keys.run'], [['←', '→'], 'keys.frame'], [['V'], 'keys.other_model']],
  cameras: [[['↑', '↓'], 'keys.pick'], [['T'], 'keys.add'], [['V', 'K', 'L', 'C', 'H', 'M', 'P'], 'keys.draw'], [['Enter'], 'keys.close_shape'], [['←', '→', '↑', '↓'], 'keys.nudge'], [['Ctrl', 'Z'], 'keys.undo'], [['G'], 'keys.remove_point'], [['B'], 'keys.backtest'], [['N'], 'keys.try_rule'], [['↑↓', 'C', 'B'], 'keys.judge'], [['↑↓', 'Enter'], 'keys.differences']],
}

export function KeysHelp({ screen, onClose }: { readonly screen: string; readonly onClose: () => void }): ReactElement {
  const { t } = useWords()
  // A meeting room has nothing to search and no tabs.
  const rows = [...(OF_SCREEN[screen] ?? []), ...(screen === 'meeting' ? [] : EVERYWHERE)]
  return (
    <Modal title={t('keys.title')} onClose={onClose}>
      <dl className="keys">
        {rows.map(([keys, words]) => [
          <dt key={`${words} key`}>{keys.map((key) => <kbd key={key}>{key === 'Space' ? t('key.space') : key}</kbd>)}</dt>,
          <dd key={words}>{t(words)}</dd>,
        ])}
      </dl>
      <div className="do"><button type="button" className="btn" onClick={onClose}>{t('do.close')}</button></div>
    </Modal>
  )
}
