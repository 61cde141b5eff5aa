import type { RoomNow, RoomView } from '../../server/contract/meetings.js'
import type { Problem } from '../../server/contract/problem.js'
import type { RoomNews } from './room-state.js'

export interface RoomTalkParts {
  readonly token: string
  readonly api: { openRoom(token: string): Promise<RoomView>; roomBoard(): Promise<RoomView>; roomNow(): Promise<RoomNow> }
  readonly say: (news: RoomNews) => void
  /** Whether the server answers. */
  readonly reached: (is: boolean) => void
  /** One asking of the server's time. */
  readonly clock: (sample: { readonly askedAtMs: number; readonly heardAtMs: number; readonly serverMs: number }) => void
  readonly problemOf: (fault: unknown) => Problem
  readonly wallMs: () => number
  readonly wait: (ms: number) => Promise<void>
}

/** The room follows its presenter by asking: a small answer, and no socket that could bring more than one room. */
const NOW_MS = 2_000
/** What is known of the cameras is asked anew now and then, and whenever the presenter has moved. */
const BOARD_MS = 30_000
const OPEN_AGAIN_MS = 3_000

/** Opens the link and follows it until `stop` is asked for or the link is refused for good. */
export function openRoomTalk(parts: RoomTalkParts): { stop(): void } {
  let open = true
  const say = (news: RoomNews): void => {
    if (open) parts.say(news)
  }
  const timed = async <T extends RoomNow>(ask: () => Promise<T>): Promise<T> => {
    const askedAtMs = parts.wallMs()
    const answer = await ask()
    parts.clock({ askedAtMs, heardAtMs: parts.wallMs(), serverMs: answer.nowMs })
    if (open) parts.reached(true)
    return answer
  }
  /** The board, or null when the link is refused for good. */
  const enter = async (): Promise<RoomView | null> => {
    while (open) {
      try {
        return await timed(() => parts.api.openRoom(parts.token))
      } catch (fault) {
        const problem = parts.problemOf(fault)
        say({ is: 'refused', problem })
        if (isFinal(problem)) return null
        await parts.wait(OPEN_AGAIN_MS)
      }
    }
    return null
  }
  const follow = async (first: RoomView): Promise<void> => {
    let [turn, boardAtMs] = [first.turn, parts.wallMs()]
    say({ is: 'board', board: first })
    while (open) {
      await parts.wait(NOW_MS)
      if (!open) return
      try {
        const now = await timed(parts.api.roomNow)
        if (now.turn === turn && parts.wallMs() - boardAtMs < BOARD_MS) {
          say({ is: 'now', now })
          continue
        }
        const board = await timed(parts.api.roomBoard)
        ;[turn, boardAtMs] = [board.turn, parts.wallMs()]
        say({ is: 'board', board })
      } catch (fault) {
        if (parts.problemOf(fault).status === 401) return say({ is: 'shut' })
        if (open) parts.reached(false)
      }
    }
  }
  const run = async (): Promise<void> => {
    for (let board = await enter(); board && open; board = await enter()) await follow(board)
  }
  void run()
  return { stop: () => void (open = false) }
}

/** The server has looked at the link and said no; anything else may pass. */
function isFinal({ status }: Problem): boolean {
  return status === 400 || status === 404 || status === 409 || status === 410
}
