import type { ModelView, TrialView } from '../../server/contract/models.js'
import { Summary } from '../models/comparison.js'
import { ModelCard } from '../models/model-card.js'
import { ModelList } from '../models/model-list.js'
import { Offers } from '../models/offers.js'
import { Progress } from '../models/progress.js'
import { TrialChart } from '../models/trial-chart.js'
import { TrialState } from '../models/trial.js'
import { NOW_MS } from './fixtures.js'
import type { Group } from './gallery.js'

const own: ModelView = { id: 'eyes', name: 'eyes', builtIn: true, inUse: true, sha256: 'baa5a3d32eff9f0ce19a2b38dfab482e6e97a2aa15043e0978b8b5b09236f0f7', bytes: 3_007_378, licence: 'Apache-2.0', attribution: 'vehicle_detection_project, luong-duc, CC BY 4.0', format: 'eyes', classes: ['person', 'two_wheeler', 'car', 'bus', 'truck'], input: { width: 640, height: 384 }, frameMs: null, width: { is: 'eight_bits', gain: 1.62, agreement: 0.957 }, addedBy: null, addedAtMs: null, broken: null, lacks: [], evaluations: [{ clip: 'Ngã tư Trần Hưng Đạo', atMs: NOW_MS - 600_000, frames: 100, frameMs: 9.4, objects: { car: 480, two_wheeler: 1200 } }] }
const inFloat: ModelView = { ...own, width: { is: 'hardly_faster', gain: 1.04, agreement: 0.957 } }
const theirs: ModelView = { ...own, id: 'm1', name: 'YOLOX nano, bản của phường Long Xuyên', builtIn: false, inUse: false, format: 'yolox', classes: ['person', 'two_wheeler', 'car', 'airplane', 'bus', 'train', 'truck', 'boat', 'traffic light', 'fire hydrant', 'stop sign', 'bench', 'bird', 'cat'], input: { width: 416, height: 416 }, frameMs: 9.3, width: null, addedBy: 'Đỗ Thị Lan', addedAtMs: NOW_MS - 86_400_000, evaluations: [] }
const broken: ModelView = { ...theirs, id: 'm2', name: 'Cũ', lacks: ['bus', 'truck'], broken: { said: { vi: 'Tệp mô hình đã bị thay đổi', en: 'The model’s file was changed' }, reason: 'SHA-256 695e750a…', next: { vi: 'Gỡ mô hình này rồi tải lên lại.', en: 'Remove the model and upload it again.' } } }

const frames = Array.from({ length: 40 }, (_, at) => ({ atMs: at * 200, found: [at % 7, 3 + (at % 5)].map((count) => Array.from({ length: count }, () => ({ class: 'car', score: 0.8, box: { x1: 0.1, y1: 0.1, x2: 0.2, y2: 0.2 } }))) }))
const names = ['eyes', 'YOLOX nano']
const summaries = [{ clip: 'x', atMs: 0, frames: 40, frameMs: 9.4, objects: { car: 120, two_wheeler: 300 } }, { clip: 'x', atMs: 0, frames: 40, frameMs: 14.2, objects: { car: 200, person: 36 } }]
const trial = (state: TrialView['state']): TrialView => ({ id: 't', clip: 'x', modelIds: ['eyes', 'm1'], state })
const failed = (modelId: string | null): TrialView['state'] => ({ is: 'failed', modelId, said: { vi: 'Không đọc được đoạn hình này', en: 'This clip cannot be read' }, reason: 'moov atom not found', next: { vi: 'Chọn một tệp video phát được.', en: 'Choose a video file that plays.' } })

export const modelGroups: readonly Group[] = [
  { name: 'Models', cells: [{ name: 'in use, brought, broken', look: 'w-side panelled', show: () => <div className="cams models"><div className="q"><ModelList models={[own, theirs, broken]} current="m1" /></div></div> }] },
  { name: 'Fetched models', cells: [{ name: 'two wait', look: 'w-side panelled', show: () => <div className="models"><Offers offers={[{ name: 'a', title: 'PicoDet-S 416 (COCO)', bytes: 4_040_573, licence: 'Apache-2.0', attribution: '' }, { name: 'b', title: 'YOLOX-nano 416 (COCO)', bytes: 3_660_092, licence: 'Apache-2.0', attribution: '' }]} onTaken={() => undefined} /></div> }] },
  { name: 'Model card', cells: [{ name: 'ours, in 8 bits', model: own }, { name: 'ours, in float', model: inFloat }, { name: 'brought', model: theirs }, { name: 'broken', model: broken }].map(({ name, model }) => ({ name, look: 'w-wide panelled', show: () => <div className="models"><ModelCard model={model} runsOn="cpu" now={NOW_MS} /></div> })) },
  {
    name: 'Trial',
    cells: [
      ...(['queued', 'clip'] as const).map((is) => ({ name: is, look: 'w-side panelled', show: () => <TrialState trial={trial({ is })} models={[own, theirs]} /> })),
      { name: 'running', look: 'w-side panelled', show: () => <TrialState trial={trial({ is: 'running', share: 0.42 })} models={[own, theirs]} /> },
      { name: 'a clip that cannot be read', look: 'w-side panelled', show: () => <TrialState trial={trial(failed(null))} models={[own, theirs]} /> },
      { name: 'a model that fails', look: 'w-side panelled', show: () => <TrialState trial={trial(failed('m1'))} models={[own, theirs]} /> },
      { name: 'sending', look: 'w-side panelled', show: () => <Progress words="42 %" share={0.42} /> },
    ],
  },
  {
    name: 'Comparison',
    cells: [
      { name: 'objects in each picture', look: 'w-wide panelled', show: () => <TrialChart frames={frames} models={names} at={12} onSeek={() => undefined} /> },
      { name: 'one model', look: 'w-wide panelled', show: () => <TrialChart frames={frames} models={names.slice(0, 1)} at={0} onSeek={() => undefined} /> },
      { name: 'summary', look: 'w-wide panelled', show: () => <Summary done={{ summaries }} names={names} /> },
    ],
  },
]
