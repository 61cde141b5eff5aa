import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type FormEvent, type ReactElement } from 'react'
import type { ModelView } from '../../server/contract/models.js'
import { api } from '../api/client.js'
import { Modal, Refusal } from '../ui/pieces.js'
import { bytes } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { Progress } from './progress.js'
import { sendFile } from './send-file.js'

/** Licences under which the models that people most often bring are given away. */
const LICENCES = ['Apache-2.0', 'MIT', 'BSD-3-Clause', 'CC BY 4.0', 'AGPL-3.0'] as const

/** A model file with what must be known of it; the server then opens it and says what it is, or why not. */
export function AddModel({ bytesMax, onDone, onClose }: { readonly bytesMax: number; readonly onDone: (model: ModelView) => void; readonly onClose: () => void }): ReactElement {
  const { t, language } = useWords()
  const queries = useQueryClient()
  const [file, setFile] = useState<File | null>(null)
  const [form, setForm] = useState({ name: '', licence: '', attribution: '' })
  const [share, setShare] = useState<number | null>(null)
  const leaving = useRef(new AbortController())
  useEffect(() => {
    const gone = (leaving.current = new AbortController())
    return () => gone.abort()
  }, [])
  const save = useMutation({
    mutationFn: async (chosen: File) => {
      setShare(0)
      const uploadId = await sendFile(chosen, 'model', { onShare: setShare, signal: leaving.current.signal })
      return api.addModel({ uploadId, ...form })
    },
    onSuccess: async (model) => {
      await queries.invalidateQueries({ queryKey: ['models'] })
      onDone(model)
    },
    onSettled: () => setShare(null),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (file) save.mutate(file)
  }
  const choose = (chosen: File | null): void => {
    setFile(chosen)
    if (chosen && !form.name) setForm({ ...form, name: chosen.name.replace(/\.onnx$/i, '').slice(0, 80) })
  }
  return (
    <Modal title={t('models.add')} onClose={onClose}>
      <form className="bring" onSubmit={submit}>
        <p className="text2">{t('models.add_why')}</p>
        <label className="field">{t('models.file', { size: bytes(bytesMax, language) })}<input name="model-file" type="file" accept=".onnx" required onChange={(event) => choose(event.target.files?.[0] ?? null)} /></label>
        <label className="field">{t('models.name')}<input name="model-name" value={form.name} onChange={(event) => setForm({ ...form, name: event.target.value })} required maxLength={80} autoComplete="off" /></label>
        <label className="field">{t('models.licence')}<input name="model-licence" list="licences" value={form.licence} placeholder={t('models.licence_hint')} onChange={(event) => setForm({ ...form, licence: event.target.value })} required maxLength={200} autoComplete="off" spellCheck={false} /></label>
        <datalist id="licences">{LICENCES.map((one) => <option key={one} value={one} />)}</datalist>
        <label className="field">{t('models.attribution')}<textarea name="model-attribution" value={form.attribution} placeholder={t('models.attribution_hint')} onChange={(event) => setForm({ ...form, attribution: event.target.value })} maxLength={2000} rows={2} /></label>
        {save.isPending ? share === null || share >= 1 ? <Progress words={t('models.opening')} share={null} /> : <Progress words={t('models.sending', { percent: Math.floor(share * 100) })} share={share} /> : null}
        <Refusal fault={save.error} />
        <div className="do">
          <button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button>
          <button type="submit" className="btn main" disabled={save.isPending || !file} data-do="send-model">{t('models.send')}</button>
        </div>
      </form>
    </Modal>
  )
}
