interface Box {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

/** The contract leaves a lamp open; read only where it has a shape that we know. */
export function lampOf(lamp: unknown): { readonly box: Box | null; readonly feed: { readonly signal: string; readonly approach: string } | null } {
  const read = (lamp ?? {}) as { readonly box?: Partial<Record<keyof Box, unknown>>; readonly signal?: unknown; readonly approach?: unknown }
  const [x1, y1, x2, y2] = [read.box?.x1, read.box?.y1, read.box?.x2, read.box?.y2].map((share) => (typeof share === 'number' ? share : Number.NaN)) as [number, number, number, number]
  return {
    box: [x1, y1, x2, y2].every(Number.isFinite) ? { x1, y1, x2, y2 } : null,
    feed: typeof read.signal === 'string' && typeof read.approach === 'string' ? { signal: read.signal, approach: read.approach } : null,
  }
}
