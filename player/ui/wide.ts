/** Room for a list and its detail side by side; the same 56rem as in the style sheets, in the text size the person chose. */
export function isWide(): boolean {
  return window.innerWidth > 56 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
}
