import { z } from 'zod'
import type { Detector } from '../../analytics/detect/detector.js'
import type { Detection } from '../../analytics/detection.js'
import { area, intersection, overlap, type Box } from '../../analytics/geometry/box.js'
import { assign } from '../../analytics/track/assignment.js'
import type { Clip } from './judge-frames.js'
import { JudgeFault } from './judge-options.js'

/** A truth file of another kind: every clearly visible object in a few frames, for judging the detector alone. */
const coordinates = { x1: z.number(), y1: z.number(), x2: z.number(), y2: z.number() }
const boxedFrame = z.looseObject({
  t: z.number().min(0),
  boxes: z.array(z.looseObject({ class: z.string(), difficult: z.boolean().optional(), ...coordinates })),
  /** Regions where objects exist that nobody labelled. */
  ignore: z.array(z.looseObject(coordinates)).default([]),
})

export type BoxedFrame = z.infer<typeof boxedFrame>

export interface BoxScore {
  readonly class: string
  readonly truth: number
  readonly claims: number
  readonly hits: number
}

const SCORE_MIN = 0.4
const OVERLAP_MIN = 0.5
const SAME_FRAME_MS = 20

export function parseBoxes(text: string): readonly BoxedFrame[] {
  const parsed = z.array(boxedFrame).min(1).safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new JudgeFault(`--truth ${issue?.path.map(String).join('.') || 'file'}`, issue?.message ?? 'has the wrong form', 'A list of frames with boxes: {t, boxes: [{class, x1, y1, x2, y2, difficult}], ignore}.')
}

/** Detections beside the truth's boxes, at IoU 0.5, for each class; difficult boxes and ignored regions count for neither side. */
export async function scoreBoxes(truth: readonly BoxedFrame[], clip: Clip, detector: Detector): Promise<readonly BoxScore[]> {
  const scores = new Map<string, { truth: number; claims: number; hits: number }>()
  const of = (name: string): { truth: number; claims: number; hits: number } => {
    const score = scores.get(name) ?? { truth: 0, claims: 0, hits: 0 }
    scores.set(name, score)
    return score
  }
  let compared = 0
  for await (const frame of clip.frames()) {
    const expected = truth.find((f) => Math.abs(f.t * 1000 - frame.atMs) <= SAME_FRAME_MS)
    if (!expected) continue
    compared += 1
    const [detections = []] = await detector.detect([frame])
    const claims = detections.filter((d) => d.score >= SCORE_MIN)
    const columns = assign(expected.boxes.map((b) => claims.map((d) => (d.class === b.class && overlap(b, d.box) >= OVERLAP_MIN ? 1 - overlap(b, d.box) : Infinity))))
    expected.boxes.forEach((b, i) => {
      if (b.difficult) return
      of(b.class).truth += 1
      if ((columns[i] ?? -1) >= 0) of(b.class).hits += 1
    })
    claims.forEach((d, j) => {
      const matched = columns.indexOf(j)
      const excused = matched >= 0 ? expected.boxes[matched]?.difficult === true : isExcused(d, expected)
      if (!excused) of(d.class).claims += 1
    })
  }
  if (compared !== truth.length) throw new JudgeFault('--truth', `${truth.length - compared} of its ${truth.length} instants are no frame of the clip`, 'Give the box file that belongs to the clip.')
  return [...scores].map(([name, score]) => ({ class: name, ...score }))
}

function isExcused(claim: Detection, frame: BoxedFrame): boolean {
  const mostlyIn = (region: Box): boolean => intersection(claim.box, region) >= 0.5 * area(claim.box)
  return frame.ignore.some(mostlyIn) || frame.boxes.some((b) => b.difficult && overlap(b, claim.box) >= 0.3)
}
