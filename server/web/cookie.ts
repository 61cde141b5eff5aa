/** The cookie that carries a sign-in. */
export const COOKIE = 'vonglau'

export function cookieOf(header: string | undefined): string | null {
  if (!header) return null
  for (const part of header.split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === COOKIE) return part.slice(at + 1).trim()
  }
  return null
}
