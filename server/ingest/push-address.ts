export interface PushDoor {
  readonly host: string
  readonly port: number
  readonly publicHost?: string | undefined
  /** The address people type, where a proxy stands before us. */
  readonly publicUrl?: string | undefined
}

/**
 * What an encoder is told to dial. `ownAddresses` are this machine's, for a server that listens on all of them: a person
 * cannot dial 0.0.0.0.
 */
export function pushAddress(door: PushDoor, ownAddresses: readonly string[]): string {
  const everywhere = door.host === '0.0.0.0' || door.host === '::'
  const host = door.publicHost ?? (door.publicUrl && everywhere ? new URL(door.publicUrl).hostname : undefined) ?? (everywhere ? (ownAddresses[0] ?? '127.0.0.1') : door.host)
  const written = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  return `rtmp://${written}${door.port === RTMP_PORT ? '' : `:${door.port}`}/live`
}

const RTMP_PORT = 1935
