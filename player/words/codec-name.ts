/** The name on the camera's box, from the codec string of RFC 6381 or a device's own word. */
export function codecName(codec: string): string {
  if (/^(avc[134]|h\.?264)/i.test(codec)) return 'H.264'
  if (/^(hvc1|hev1|hevc|h\.?265)/i.test(codec)) return 'H.265'
  if (/^(mp4v\.20|mpeg-?4)/i.test(codec)) return 'MPEG-4'
  if (/^(mp4v\.6c|m?jpeg)/i.test(codec)) return 'Motion JPEG'
  return codec.toUpperCase()
}
