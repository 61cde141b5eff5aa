import { createSocket, type Socket } from 'node:dgram'
import type { Clock } from '../../system/clock.js'
import { newId } from '../../system/ids.js'
import type { Log } from '../../system/log.js'
import type { DeviceFacts } from './device-facts.js'
import { fits, readQuestion, writeMatch } from './probe.js'

/** What the responder must know of a camera; a dead one does not answer. */
export interface Discoverable {
  readonly facts: DeviceFacts
  readonly reachable: boolean
}

export interface DiscoveryBinding {
  readonly address: string
  /** 0 takes a free one. */
  readonly port: number
  /**
   * Own IPv4 addresses on whose networks 239.255.255.250 is joined. Nothing by default: a demo or test must never be found
   * by strangers' networks, so this is for network namespaces that a test made for itself.
   */
  readonly multicastInterfaces?: readonly string[]
}

export interface DiscoveryResponder {
  readonly address: string
  readonly port: number
  close(): Promise<void>
}

export const DISCOVERY_PORT = 3702
const GROUP = '239.255.255.250'
const QUESTION_BYTES_MAX = 16 << 10

/** Answers for all cameras from one socket, with one message for each camera, as separate devices would. */
export async function startDiscoveryResponder(options: { readonly cameras: readonly Discoverable[]; readonly bind: DiscoveryBinding; readonly clock: Clock; readonly log: Log }): Promise<DiscoveryResponder> {
  const { cameras, bind, log } = options
  const instanceId = Math.floor(options.clock.wallMs() / 1000)
  let messageNumber = 0
  const socket = await open(bind)
  socket.on('error', (error) => log.warn({ error }, 'the discovery socket of the virtual cameras had an error'))
  socket.on('message', (bytes, from) => {
    const question = bytes.length <= QUESTION_BYTES_MAX ? readQuestion(bytes.toString('utf8')) : null
    if (!question) return
    for (const { facts, reachable } of cameras) {
      if (!reachable || !fits(question, facts)) continue
      messageNumber += 1
      socket.send(writeMatch(question, facts, { messageId: newId(), instanceId, messageNumber }), from.port, from.address, () => undefined) // lost answers are asked for again
    }
  })
  return {
    address: bind.address,
    port: socket.address().port,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}

function open({ address, port, multicastInterfaces = [] }: DiscoveryBinding): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // Sharing the port is for multicast, where several programs of a machine may listen; a unicast port has one owner.
    const socket = createSocket({ type: 'udp4', reuseAddr: multicastInterfaces.length > 0 })
    const fail = (cause: unknown): void => {
      socket.close()
      reject(new Error(`discovery cannot listen on ${address}:${port}: choose another port, or 0 for a free one`, { cause }))
    }
    socket.once('error', fail)
    socket.bind({ address, port }, () => {
      try {
        for (const own of multicastInterfaces) socket.addMembership(GROUP, own)
      } catch (cause) {
        return fail(cause)
      }
      socket.removeListener('error', fail)
      resolve(socket)
    })
  })
}
