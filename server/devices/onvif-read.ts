import type { DeviceProfile, DeviceReport } from './onvif-messages.js'
import { attributeOf, elementsAt, textAt, type XmlNode } from './xml.js'

/** Readers of single ONVIF answers: raw XML in, plain values out, every token and version a string. */
export type PlainProfile = Omit<DeviceProfile, 'url' | 'hostSaid'>

export function readIdentity(root: XmlNode): DeviceReport['identity'] {
  const field = (name: string): string => (textAt(root, 'Envelope', 'Body', 'GetDeviceInformationResponse', name) ?? '').slice(0, 300)
  return { manufacturer: field('Manufacturer'), model: field('Model'), firmware: field('FirmwareVersion'), serial: field('SerialNumber'), hardware: field('HardwareId') }
}

/** The device's UTC in milliseconds; null when it tells none or one that no calendar has. */
export function readClock(root: XmlNode): number | null {
  const [utc] = elementsAt(root, 'Envelope', 'Body', 'GetSystemDateAndTimeResponse', 'SystemDateAndTime', 'UTCDateTime')
  const part = (group: string, name: string): number => Number(textAt(utc, group, name) ?? Number.NaN)
  const atMs = Date.UTC(part('Date', 'Year'), part('Date', 'Month') - 1, part('Date', 'Day'), part('Time', 'Hour'), part('Time', 'Minute'), part('Time', 'Second'))
  return Number.isFinite(atMs) ? atMs : null
}

/** Profiles of Media and of Media2: one list, whichever the device speaks. */
export function readProfiles(root: XmlNode): readonly PlainProfile[] {
  const seen = new Set<string>()
  return elementsAt(root, 'Envelope', 'Body', 'GetProfilesResponse', 'Profiles').flatMap((node): PlainProfile[] => {
    const token = attributeOf(node, 'token')
    if (!token || token.length > 128 || seen.has(token)) return []
    seen.add(token)
    const [encoder] = [...elementsAt(node, 'VideoEncoderConfiguration'), ...elementsAt(node, 'Configurations', 'VideoEncoder')]
    // A profile without a video encoder carries sound or metadata only.
    if (encoder === undefined) return []
    const source = textAt(node, 'VideoSourceConfiguration', 'SourceToken') ?? textAt(node, 'Configurations', 'VideoSource', 'SourceToken')
    return [
      {
        token,
        name: (textAt(node, 'Name') ?? token).slice(0, 300),
        source: source?.slice(0, 128) ?? null,
        codec: codecOf(textAt(encoder, 'Encoding')),
        width: whole(textAt(encoder, 'Resolution', 'Width')),
        height: whole(textAt(encoder, 'Resolution', 'Height')),
        fps: positive(textAt(encoder, 'RateControl', 'FrameRateLimit')),
        bitrateKbps: positive(textAt(encoder, 'RateControl', 'BitrateLimit')),
      },
    ]
  })
}

export function readUri(root: XmlNode): string | null {
  const [answer] = [...elementsAt(root, 'Envelope', 'Body', 'GetStreamUriResponse'), ...elementsAt(root, 'Envelope', 'Body', 'GetSnapshotUriResponse')]
  return (textAt(answer, 'MediaUri', 'Uri') ?? textAt(answer, 'Uri'))?.slice(0, 2_048) ?? null
}

function codecOf(encoding: string | null): DeviceProfile['codec'] {
  switch ((encoding ?? '').toUpperCase().replace(/[^A-Z0-9]/g, '')) {
    case 'H264':
      return 'h264'
    case 'H265':
    case 'HEVC':
      return 'hevc'
    case 'JPEG':
    case 'MJPEG':
      return 'mjpeg'
    case 'MPEG4':
    case 'MPV4ES':
      return 'mpeg4'
    default:
      return 'unknown'
  }
}

function positive(text: string | null): number | null {
  const value = Number(text ?? Number.NaN)
  return Number.isFinite(value) && value > 0 ? value : null
}

function whole(text: string | null): number | null {
  const value = positive(text)
  return value !== null && Number.isInteger(value) ? value : null
}
