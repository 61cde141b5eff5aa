import { useState, type ReactElement } from 'react'
import { clock, day } from '../words/measures.js'
import { readDay, readTyped } from '../words/typed.js'
import { useWords } from '../words/words.js'

interface FieldProps<At> {
  readonly label: string
  readonly name: string
  readonly atMs: At
  readonly onMoment: (atMs: At) => void
}

/** A day and a time of day, to the minute. The browser's own field writes the month first where its language does; this one never. */
export function MomentField({ label, name, atMs, onMoment }: FieldProps<number>): ReactElement {
  const { t } = useWords()
  return <TypedField label={label} name={name} atMs={atMs} how={t('moment.how')} write={(at) => `${day(at)} ${clock(at).slice(0, 5)}`} read={(text) => readTyped(text, atMs)} onMoment={onMoment} />
}

/** The beginning of a day; null: left empty, where that may be. */
export function DayField({ label, name, atMs, onMoment }: FieldProps<number | null>): ReactElement {
  const { t } = useWords()
  return <TypedField label={label} name={name} atMs={atMs} how={t('moment.how_day')} write={day} read={readDay} onMoment={onMoment} onEmpty={() => onMoment(null)} />
}

interface TypedProps {
  readonly label: string
  readonly name: string
  readonly atMs: number | null
  readonly how: string
  readonly write: (atMs: number) => string
  readonly read: (text: string) => number | null
  readonly onMoment: (atMs: number) => void
  readonly onEmpty?: () => void
}

/** What is typed stays as it is typed until the moment is another one; what is none is told to nobody. */
function TypedField({ label, name, atMs, how, write, read, onMoment, onEmpty }: TypedProps): ReactElement {
  const [typed, setTyped] = useState<{ readonly text: string; readonly forMs: number | null } | null>(null)
  const text = typed && typed.forMs === atMs ? typed.text : atMs === null ? '' : write(atMs)
  const mayBeEmpty = onEmpty !== undefined && text.trim() === ''
  const wrong = !mayBeEmpty && read(text) === null
  const change = (next: string): void => {
    const found = read(next)
    const empty = next.trim() === '' && onEmpty !== undefined
    setTyped({ text: next, forMs: empty ? null : (found ?? atMs) })
    if (empty) onEmpty()
    else if (found !== null) onMoment(found)
  }
  return (
    <label className="field">
      {label}
      <input value={text} placeholder={how} aria-invalid={wrong} autoComplete="off" onChange={(event) => change(event.target.value)} name={name} />
      {wrong ? <small className="field-fault">{how}</small> : null}
    </label>
  )
}
