/**
 * How pictures come through the pipe from the process that takes pushes: `length (4) · kind (1) · publisher (4) · bytes`.
 * One pipe for all: when one ffmpeg is slow, its bytes wait with us, bounded, and the others go on.
 */
export type MediaFrame =
  | { readonly kind: 'began'; readonly publisher: number; readonly streamId: string; readonly from: string }
  /** One whole FLV tag of video. */
  | { readonly kind: 'video'; readonly publisher: number; readonly tag: Buffer }
  | { readonly kind: 'ended'; readonly publisher: number }

const KINDS = ['began', 'video', 'ended'] as const
const HEAD_BYTES = 9
/** An FLV tag counts its length in 24 bits. */
const FRAME_BYTES_MAX = (1 << 24) + 64

/** Head and body apart: the picture is not copied for the sake of nine bytes. */
export function frameParts(frame: MediaFrame): readonly [head: Buffer, body: Buffer] {
  const body = frame.kind === 'video' ? frame.tag : frame.kind === 'began' ? Buffer.from(JSON.stringify([frame.streamId, frame.from])) : Buffer.alloc(0)
  const head = Buffer.allocUnsafe(HEAD_BYTES)
  head.writeUInt32BE(body.length, 0)
  head.writeUInt8(KINDS.indexOf(frame.kind), 4)
  head.writeUInt32BE(frame.publisher, 5)
  return [head, body]
}

/** Takes the pipe's bytes in any cut. Throws RangeError for what no sender of ours writes. */
export function openFrameReader(): (chunk: Buffer) => readonly MediaFrame[] {
  let chunks: Buffer[] = []
  let bytes = 0
  let wanted = HEAD_BYTES
  return (chunk) => {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes < wanted) return []
    let rest = chunks.length === 1 ? chunk : Buffer.concat(chunks, bytes)
    const frames: MediaFrame[] = []
    wanted = HEAD_BYTES
    while (rest.length >= HEAD_BYTES) {
      const length = rest.readUInt32BE(0)
      if (length > FRAME_BYTES_MAX) throw new RangeError(`a frame of ${length} bytes`)
      if (rest.length < HEAD_BYTES + length) {
        wanted = HEAD_BYTES + length
        break
      }
      frames.push(readFrame(rest.readUInt8(4), rest.readUInt32BE(5), rest.subarray(HEAD_BYTES, HEAD_BYTES + length)))
      rest = rest.subarray(HEAD_BYTES + length)
    }
    chunks = rest.length > 0 ? [rest] : []
    bytes = rest.length
    return frames
  }
}

function readFrame(kind: number, publisher: number, body: Buffer): MediaFrame {
  const name = KINDS[kind]
  if (name === 'video') return { kind: name, publisher, tag: body }
  if (name === 'ended') return { kind: name, publisher }
  if (name === undefined) throw new RangeError(`a frame of kind ${kind}`)
  const said = JSON.parse(body.toString('utf8')) as unknown
  if (!Array.isArray(said) || typeof said[0] !== 'string' || typeof said[1] !== 'string') throw new RangeError('a beginning without a stream')
  return { kind: name, publisher, streamId: said[0], from: said[1] }
}
