import type { ReactElement } from 'react'

/** How far something is, in words and as a bar. Without a share it is under way, and nobody knows how far. */
export function Progress({ words, share }: { readonly words: string; readonly share: number | null }): ReactElement {
  return (
    <div className="progress" role="status">
      <span>{words}</span>
      <progress aria-label={words} {...(share === null ? {} : { value: share })} max={1} />
    </div>
  )
}
