import { z } from 'zod'

/** From us to the process that takes pushes. It is told hashes only: the worst stranger in there finds no key. */
export const orderSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open'), host: z.string(), port: z.number().int() }),
  /** The whole list, each time: whoever is not in it, or in it with another hash, is let go at once. */
  z.strictObject({ kind: z.literal('streams'), streams: z.array(z.strictObject({ streamId: z.string(), keyHash: z.string(), networks: z.array(z.string()) })) }),
  z.strictObject({ kind: z.literal('drop'), publisher: z.number().int() }),
])
export type RtmpOrder = z.infer<typeof orderSchema>
export type AdmittedStream = Extract<RtmpOrder, { kind: 'streams' }>['streams'][number]

const count = z.number().int().nonnegative()
/** Names that strangers offer are never in here: a name may be a key. */
export const turnedAwaySchema = z.strictObject({ wrongKey: count, locked: count, crowded: count, garbage: count, late: count, taken: count })
export type TurnedAway = z.infer<typeof turnedAwaySchema>

export const saidSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('listening'), port: z.number().int() }),
  z.strictObject({ kind: z.literal('shut'), code: z.string().max(64) }),
  /** Once a second: it is alive, and this is whom it turned away since it began. */
  z.strictObject({ kind: z.literal('beat'), turnedAway: turnedAwaySchema, waiting: count }),
])
export type RtmpSaid = z.infer<typeof saidSchema>
