/**
 * What can be wrong with bytes that a camera or ffmpeg sent. Parsers here throw this and nothing else: a fuzz test holds
 * them to it, and the caller ends one session instead of one process.
 */
export class MediaFault extends Error {
  constructor(
    readonly kind: 'invalid_media' | 'codec_unsupported',
    readonly detail: string,
  ) {
    super(`${kind}: ${detail}`)
    this.name = 'MediaFault'
  }
}

export function invalid(detail: string): MediaFault {
  return new MediaFault('invalid_media', detail)
}
