import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { ModelFault } from '../../analytics/detect/detector.js'
import { makeOnnxDetector, type OnnxDetector } from '../../analytics/detect/onnx-detector.js'
import { CatalogueFault, loadModel } from '../../models/catalogue.js'
import type { Clock } from '../system/clock.js'
import { TRIALS } from '../sandbox/trials/catalogue.js'
import { lineOf } from './figures.js'
import { judgeAll, SERVICE_FPS, type JudgeOne } from './judge-all.js'
import { parseJudgeAllOptions, ALL_USAGE } from './judge-all-options.js'
import { allFiguresOf, faultsOf, markdownOf, rowsOf } from './judge-all-report.js'
import { parseBoxes, scoreBoxes } from './judge-boxes.js'
import { scoreCounts } from './judge-counts.js'
import { figureOfLamp, figuresOfBoxes, figuresOfPresence, figuresOfSpeed } from './judge-figures.js'
import { openClip, type Clip, type ClipWish } from './judge-frames.js'
import { lookAsLane, lookAtEvery, lookFar, learnWhereFar, type Look } from './judge-look.js'
import { JudgeFault, parseJudgeOptions, USAGE, type JudgeOptions } from './judge-options.js'
import { jsonLines, notJudged, reportLines, type Judgement } from './judge-report.js'
import { rulesFromTruth } from './judge-rules.js'
import { DETECT_THRESHOLDS, runEyes } from './judge-run.js'
import { scoreKind } from './judge-score.js'
import { parseTruth } from './judge-truth.js'

export interface JudgeSurroundings {
  readonly clock: Clock
  readonly say: (line: string) => void
  readonly complain: (line: string) => void
}

/** Answers the exit code: 0 judged, 2 wrong input (named, with the next step), 1 our own fault. */
export async function judge(argv: readonly string[], { clock, say, complain }: JudgeSurroundings): Promise<number> {
  if (argv.includes('--help')) {
    say(`${USAGE}\n\n${ALL_USAGE}`)
    return 0
  }
  try {
    if (argv.includes('--all')) return await judgeThemAll(argv, { clock, say, complain })
    const options = parseJudgeOptions(argv)
    const { judgement } = await judgeClip(options, clock)
    for (const line of options.json ? jsonLines(judgement) : reportLines(judgement)) say(line)
    return 0
  } catch (error) {
    if (!(error instanceof JudgeFault || error instanceof ModelFault || error instanceof CatalogueFault)) {
      complain(`judge failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      return 1
    }
    complain(`${error.field}: ${error.message}`)
    complain(error.next)
    return 2
  }
}

/** Every kind of rule on its own drawn trials, and on real clips where they are. */
async function judgeThemAll(argv: readonly string[], { clock, say, complain }: JudgeSurroundings): Promise<number> {
  const options = parseJudgeAllOptions(argv, [...new Set(TRIALS.map(({ kind }) => kind))])
  const judgeOne: JudgeOne = async (clip, truth) => {
    const { judgement, seconds } = await judgeClip({ clip, truth, model: null, json: true, fpsMax: SERVICE_FPS, width: 640, height: 384, looks: options.looks }, clock)
    return { scores: judgement.kinds, hours: seconds / 3600 }
  }
  const clips = await judgeAll(options, judgeOne, (clip, done, of) => {
    complain(`${done} of ${of}: ${clip.name}`)
    for (const fault of faultsOf(clip)) complain(fault)
  })
  const figures = allFiguresOf(clips)
  if (options.json) for (const figure of figures) say(JSON.stringify(figure))
  else for (const line of [...markdownOf(rowsOf(clips)), '', ...figures.map(lineOf)]) say(line)
  return 0
}

async function judgeClip(options: JudgeOptions, clock: Clock): Promise<{ readonly judgement: Judgement; readonly seconds: number }> {
  const text = await readText('--truth', options.truth)
  const isBoxes = text.trimStart().startsWith('[')
  const truth = isBoxes ? null : parseTruth(text)
  const rules = truth ? rulesFromTruth(truth) : []
  const wish = { file: options.clip, fpsMax: options.fpsMax, width: options.width, height: options.height, rawFps: truth?.fps }
  const clip = await openClip(wish)
  const { detector, model } = await openDetector(options)
  try {
    const head = { clip: basename(options.clip), model }
    const seconds = ((clip.timesMs.at(-1) ?? 0) - (clip.timesMs[0] ?? 0)) / 1000
    if (!truth) {
      const scores = await scoreBoxes(parseBoxes(text), clip, detector)
      return { judgement: { ...head, kinds: [], counts: [], others: scores.flatMap(figuresOfBoxes), notJudged: [] }, seconds }
    }
    const { seen, look } = await chooseLook(options, { clip, wish, detector })
    const verdicts = await runEyes(seen, detector, rules, clock, look)
    const kinds = [...new Set(rules.map((r) => r.kind))]
    const judgement = {
      ...head,
      kinds: kinds.map((kind) => scoreKind(kind, truth, rules, verdicts.claims)),
      counts: scoreCounts(truth, rules, verdicts.claims),
      others: [...figureOfLamp(truth, verdicts), ...figuresOfPresence(truth, verdicts), ...figuresOfSpeed(verdicts)],
      notJudged: notJudged(truth, kinds),
    }
    return { judgement, seconds }
  } finally {
    await detector.close()
  }
}

/** How the clip is looked at; what is to be seen nearer is learned by seeing it all once before. */
async function chooseLook({ looks }: JudgeOptions, { clip, wish, detector }: { readonly clip: Clip; readonly wish: ClipWish; readonly detector: OnnxDetector }): Promise<{ readonly seen: Clip; readonly look: Look }> {
  if (looks === 'every') return { seen: clip, look: lookAtEvery(detector) }
  if (looks !== 'far') return { seen: clip, look: lookAsLane(detector, looks) }
  const far = await learnWhereFar(clip, detector)
  if (!far) throw new JudgeFault('--looks', 'far found no part of the clip in which small things move', 'Choose another way of looking.')
  return { seen: await openClip({ ...wish, far }), look: lookFar(detector) }
}

async function openDetector(options: JudgeOptions): Promise<{ detector: OnnxDetector; model: string }> {
  const size = { inputWidth: options.width, inputHeight: options.height, thresholds: DETECT_THRESHOLDS }
  if (options.model === null) {
    const { card, bytes } = await loadModel('eyes')
    return { detector: await makeOnnxDetector({ model: bytes, name: card.id, format: card.format, ...size }), model: `${card.id} ${card.version} at ${options.width}x${options.height}` }
  }
  const model = await readFile(options.model).catch((error: Error) => {
    throw new JudgeFault('--model', `cannot be read: ${error.message}`, 'Give an ONNX file, or leave --model out for ours.')
  })
  return { detector: await makeOnnxDetector({ model, name: basename(options.model), ...size }), model: basename(options.model) }
}

function readText(field: string, file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: Error) => {
    throw new JudgeFault(field, `cannot be read: ${error.message}`, 'Check the path.')
  })
}
