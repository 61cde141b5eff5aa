import { parentPort, workerData } from '../../system/worker.js'
import { SCENES } from './catalogue.js'
import { film, type FilmPlan } from './film.js'

/** A thread that films one scene and tells how far it is. */
export interface FilmOrder {
  readonly sceneId: string
  readonly plan: FilmPlan
}

export type FilmNews = { readonly kind: 'progress'; readonly fraction: number } | { readonly kind: 'done' } | { readonly kind: 'failed'; readonly why: string }

const order = workerData as FilmOrder
const say = (news: FilmNews) => parentPort?.postMessage(news)
const scene = SCENES.find((one) => one.id === order.sceneId)
if (!scene) say({ kind: 'failed', why: `no scene is called ${order.sceneId}` })
else {
  film(scene, order.plan, (fraction) => say({ kind: 'progress', fraction })).then(
    () => say({ kind: 'done' }),
    (error: unknown) => say({ kind: 'failed', why: error instanceof Error ? error.message : String(error) }),
  )
}
