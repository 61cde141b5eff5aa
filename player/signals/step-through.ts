/** The one above or below; nobody chosen yet: the first. At an end it stays. */
export function stepThrough(ids: readonly string[], current: string | null, to: 'up' | 'down'): string | null {
  const at = current === null ? -1 : ids.indexOf(current)
  if (at < 0) return ids[0] ?? null
  return ids[Math.min(ids.length - 1, Math.max(0, at + (to === 'down' ? 1 : -1)))] ?? null
}
