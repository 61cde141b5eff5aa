/** The Transport header of SETUP (RFC 2326 12.39): what a client offers, in its order of liking. Pure. */
export type Transport =
  | { readonly kind: 'interleaved'; readonly rtpChannel: number; readonly rtcpChannel: number }
  | { readonly kind: 'udp'; readonly rtpPort: number; readonly rtcpPort: number }

/** Takes the first offer we can serve. A `destination` is never followed: media goes to who asked, or we would be a weapon. */
export function chooseTransport(header: string, freeChannel: () => number): Transport | null {
  for (const offer of header.split(',')) {
    const [profile = '', ...parts] = offer.trim().split(';')
    const lower = profile.trim().toUpperCase()
    const fields = new Map(parts.map((part) => {
      const [name = '', value = ''] = part.split('=')
      return [name.trim().toLowerCase(), value.trim()] as const
    }))
    if (fields.has('multicast') || /record/i.test(fields.get('mode') ?? '')) continue
    if (lower === 'RTP/AVP/TCP') {
      const free = freeChannel()
      const pair = fields.has('interleaved') ? pairOf(fields.get('interleaved') ?? '', 255) : ([free, free + 1] as const)
      if (pair) return { kind: 'interleaved', rtpChannel: pair[0], rtcpChannel: pair[1] }
    }
    if (lower === 'RTP/AVP' || lower === 'RTP/AVP/UDP') {
      const pair = pairOf(fields.get('client_port') ?? '', 65_535)
      if (pair && pair[0] >= 1024) return { kind: 'udp', rtpPort: pair[0], rtcpPort: pair[1] }
    }
  }
  return null
}

function pairOf(text: string, max: number): readonly [number, number] | null {
  const [, first, second] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? []
  if (first === undefined) return null
  const low = Number(first)
  const high = second === undefined ? low + 1 : Number(second)
  return high <= max && high !== low ? [low, high] : null
}
