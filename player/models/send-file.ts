import { api, Refused } from '../api/client.js'

/** Where a file on its way stands, 0..1. */
export type OnShare = (share: number) => void

const TRIES_MAX = 5
const AGAIN_MS = 1_000

/** Sends a file piece by piece, going on from where the server stands after a broken link; the id is what the server calls it. */
export async function sendFile(file: File, kind: 'model' | 'clip', { onShare, signal }: { readonly onShare: OnShare; readonly signal: AbortSignal }): Promise<string> {
  const { id, pieceBytes } = await api.beginUpload({ kind, name: file.name.slice(0, 200), bytes: file.size })
  try {
    let tries = 0
    for (let sent = 0; sent < file.size; ) {
      if (signal.aborted) throw new DOMException('stopped', 'AbortError')
      try {
        sent = (await api.putPiece(id, sent, file.slice(sent, sent + pieceBytes))).received
        tries = 0
      } catch (fault) {
        const stands = standsAt(fault)
        if (stands === null && !(isSilence(fault) && (tries += 1) < TRIES_MAX)) throw fault
        if (stands === null) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
        else sent = stands
      }
      onShare(sent / file.size)
    }
    return id
  } catch (fault) {
    void api.dropUpload(id).catch(() => null) // The server forgets it by itself when nobody sends any more.
    throw fault
  }
}

/** The answer to a piece may be lost where the piece was not: the server then tells how much it has. */
function standsAt(fault: unknown): number | null {
  if (!(fault instanceof Refused) || fault.problem.code !== 'upload_elsewhere') return null
  const received = Number(fault.problem.faults.find(({ field }) => field === 'received')?.reason)
  return Number.isFinite(received) ? received : null
}

function isSilence(fault: unknown): boolean {
  return fault instanceof Refused && fault.problem.code === 'offline'
}
