/** The span of bytes that a `Range` header asks for (RFC 9110 §14; of several spans none is cut out, as the RFC allows). Null: the whole. */
export function readSpan(header: string | undefined, size: number): { readonly from: number; readonly to: number } | 'outside' | null {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return null
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (first !== '' && last !== '' && Number(last) < from) return null
  return from > to ? 'outside' : { from, to }
}

/** What is answered to whoever asks for a span of `size` bytes: status, the headers of it, and the span; no span is to be sent where it lies outside. */
export function spanAnswer(header: string | undefined, size: number): { readonly status: 200 | 206 | 416; readonly headers: readonly (readonly [name: string, value: string])[]; readonly span: { readonly from: number; readonly to: number } | null } {
  const span = readSpan(header, size)
  if (span === 'outside') return { status: 416, headers: [['content-range', `bytes */${size}`]], span: null }
  const ranges = ['accept-ranges', 'bytes'] as const
  return span ? { status: 206, headers: [ranges, ['content-range', `bytes ${span.from}-${span.to}/${size}`]], span } : { status: 200, headers: [ranges], span: { from: 0, to: size - 1 } }
}
