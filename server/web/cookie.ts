/** The cookie that carries a sign-in. */
export const COOKIE = 'vonglau'
/** The cookie of the one browser that shows a meeting. Browsers send it below `/room` alone, and nothing else reads it. */
export const ROOM_COOKIE = 'vonglau_room'
export const ROOM_PATH = '/room'

export function cookieOf(header: string | undefined, name: typeof COOKIE | typeof ROOM_COOKIE = COOKIE): string | null {
  if (!header) return null
  for (const part of header.split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return null
}
