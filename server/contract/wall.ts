import { z } from 'zod'

/**
 * What a person keeps of the wall, and the big screens of a room. All need `camera.view`, pushing to a screen `wall.push`;
 * cameras a person may not see are left out of answers, without a name.
 *
 *   GET /api/walls → { walls: WallView[] } (own in their order, then those others share)
 *   POST /api/walls WallForm   PUT/DELETE /api/walls/:wallId   POST /api/walls/order { wallIds }
 *   GET /api/screens → { screens: ScreenView[] }   PUT /api/screens/:number ScreenForm  (push to a named screen)   DELETE clears it
 * Socket: a browser that shows a screen says `show_screen`; its answer, and each `wall` news after a push, is what to show.
 */
export const LayoutName = z.enum(['1', '2x2', '3x3', '1+12', '4x4', '5x5'])
export type LayoutName = z.infer<typeof LayoutName>

export const WallForm = z.strictObject({
  name: z.string().trim().min(1).max(80),
  /** Pages of a tour, in order; one page is a plain wall. */
  pages: z.array(z.strictObject({ layout: LayoutName, cameraIds: z.array(z.string().min(1).max(64).nullable()).max(25) })).min(1).max(20),
  /** Seconds a page stays while the tour runs. */
  dwellS: z.number().int().min(5).max(600).default(20),
  shared: z.boolean().default(false),
})
export type WallForm = z.infer<typeof WallForm>
/** What a caller sends: what has a default may be left out. */
export type WallAsked = z.input<typeof WallForm>

/** POST /api/walls/order: the person's own walls, as they shall stand. */
export const WallOrderForm = z.strictObject({ wallIds: z.array(z.string().min(1).max(64)).max(200) })

export interface WallPageView {
  readonly layout: LayoutName
  readonly cameraIds: readonly (string | null)[]
  /** Places (from 0) whose camera this person may not see: a lock stands there, without a name. */
  readonly locked: readonly number[]
}

export interface WallView {
  readonly id: string
  readonly name: string
  readonly pages: readonly WallPageView[]
  readonly dwellS: number
  readonly shared: boolean
  readonly mine: boolean
  readonly by: string
}

/** What a big screen shows: one camera, or a saved wall. */
export const Showing = z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('camera'), cameraId: z.string().min(1).max(64) }), z.strictObject({ kind: z.literal('wall'), wallId: z.string().min(1).max(64) })])
export type Showing = z.infer<typeof Showing>

export const SCREEN_NUMBER_MAX = 99
export const ScreenForm = z.strictObject({ name: z.string().trim().min(1).max(80).optional(), showing: Showing.nullable() })
export type ScreenForm = z.infer<typeof ScreenForm>
/** Socket `show_screen`, said after every connecting. */
export const ShowScreen = z.strictObject({ number: z.number().int().min(1).max(SCREEN_NUMBER_MAX) })

export interface ScreenView {
  readonly number: number
  readonly name: string
  readonly showing: Showing | null
  /** The wall that is shown, so that the screen needs no second question. */
  readonly wall: WallView | null
  /** Something is shown that this person may not see. */
  readonly withheld: boolean
  /** Who sent it there, and when. */
  readonly by: string | null
  readonly sinceMs: number | null
  /** Whether a browser shows this screen now. */
  readonly connected: boolean
}

/** Socket `wall`: to those who show the screen, what to show; to all, that the list of screens changed. */
export type WallNews = { readonly kind: 'screen'; readonly screen: ScreenView } | { readonly kind: 'screens' }
