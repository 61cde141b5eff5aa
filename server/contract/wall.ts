import { z } from 'zod'

/**
 * What a person keeps of the wall, and the big screens of a room. All need `camera.view`; cameras a person may not see are
 * left out of answers, without a name.
 *
 *   GET /api/walls → WallView[] (own, and shared by others of the site)   POST /api/walls WallForm   PUT/DELETE /api/walls/:wallId
 *   GET /api/screens → ScreenView[]   PUT /api/screens/:number { showing }  (push to a named screen)   DELETE clears it
 * Socket: `wall` news { kind: 'screen', number, showing } reaches those who show that screen.
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
export interface WallView extends WallForm {
  readonly id: string
  readonly mine: boolean
  readonly by: string
}

/** What a big screen shows: one camera, or a saved wall. */
export const Showing = z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('camera'), cameraId: z.string().min(1).max(64) }), z.strictObject({ kind: z.literal('wall'), wallId: z.string().min(1).max(64) })])
export type Showing = z.infer<typeof Showing>

export const ScreenForm = z.strictObject({ name: z.string().trim().min(1).max(80).optional(), showing: Showing.nullable() })
export interface ScreenView {
  readonly number: number
  readonly name: string
  readonly showing: Showing | null
  /** Who sent it there, and when. */
  readonly by: string | null
  readonly sinceMs: number | null
  /** Whether a browser shows this screen now. */
  readonly connected: boolean
}
