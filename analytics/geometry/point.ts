/** A place in a picture: 0..1 of its width (right) and height (down), so that a drawing outlives a change of resolution. */
export interface Point {
  readonly x: number
  readonly y: number
}
