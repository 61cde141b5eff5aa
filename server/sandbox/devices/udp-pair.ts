import { createSocket, type Socket } from 'node:dgram'

/** Two UDP ports, even for RTP and the next for RTCP (RFC 3550 11), shared by all UDP sessions of a camera. */
export interface UdpPair {
  readonly rtpPort: number
  readonly rtcpPort: number
  sendRtp(packet: Buffer, port: number, address: string): void
  sendRtcp(packet: Buffer, port: number, address: string): void
  close(): void
}

const TRIES = 30

export async function openUdpPair(address: string, hearRtcp: (bytes: Buffer, from: { readonly address: string; readonly port: number }) => void): Promise<UdpPair> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const rtp = await bind(address, 0)
    const port = rtp?.address().port ?? 1
    const rtcp = port % 2 === 0 ? await bind(address, port + 1) : null
    if (rtp && rtcp) return pairOf(rtp, rtcp, hearRtcp)
    rtp?.close()
  }
  throw new Error(`no free pair of UDP ports on ${address} after ${TRIES} tries`)
}

function bind(address: string, port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.once('error', () => {
      socket.close()
      resolve(null) // taken: the caller tries another
    })
    socket.bind({ port, address, exclusive: true }, () => resolve(socket))
  })
}

function pairOf(rtp: Socket, rtcp: Socket, hearRtcp: (bytes: Buffer, from: { readonly address: string; readonly port: number }) => void): UdpPair {
  // Packets to a port that nobody reads any more are lost, as on any network; the session ends by its timeout.
  rtp.removeAllListeners('error').on('error', () => undefined)
  rtcp.removeAllListeners('error').on('error', () => undefined)
  rtcp.on('message', (bytes, from) => hearRtcp(bytes, from))
  // Some clients send a few bytes to the RTP port to open a path through a firewall: nothing to learn from them.
  rtp.on('message', () => undefined)
  const lost = (): undefined => undefined
  return {
    rtpPort: rtp.address().port,
    rtcpPort: rtcp.address().port,
    sendRtp: (packet, port, address) => rtp.send(packet, port, address, lost),
    sendRtcp: (packet, port, address) => rtcp.send(packet, port, address, lost),
    close() {
      rtp.close()
      rtcp.close()
    },
  }
}
