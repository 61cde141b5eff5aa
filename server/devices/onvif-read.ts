import type { DeviceAim, DeviceProfile, DeviceReport } from './onvif-messages.js'
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

/** Which profiles a camera can be turned by, with the video source that each shows: a recorder has one for each channel. */
export function readTurningProfiles(root: XmlNode): readonly { readonly token: string; readonly source: string | null }[] {
  const turning = new Set(elementsAt(root, 'Envelope', 'Body', 'GetProfilesResponse', 'Profiles').filter((node) => elementsAt(node, 'PTZConfiguration').length + elementsAt(node, 'Configurations', 'PTZ').length > 0).map((node) => attributeOf(node, 'token')))
  return readProfiles(root).filter(({ token }) => turning.has(token))
}

/** A preset without a name is called by its token. What lies outside ONVIF's bounds is no place, and is left out. */
export function readPresets(root: XmlNode): NonNullable<DeviceAim['presets']> {
  const seen = new Set<string>()
  return elementsAt(root, 'Envelope', 'Body', 'GetPresetsResponse', 'Preset').flatMap((node) => {
    const token = attributeOf(node, 'token')
    if (!token || token.length > 128 || seen.has(token)) return []
    seen.add(token)
    const [place] = elementsAt(node, 'PTZPosition')
    return [{ token, name: (textAt(node, 'Name')?.trim() || token).slice(0, 120), at: readPose(place) }]
  }).slice(0, 300)
}

export function readStatus(root: XmlNode): { readonly at: DeviceAim['at']; readonly isMoving: boolean | null; readonly said: string } {
  const [status] = elementsAt(root, 'Envelope', 'Body', 'GetStatusResponse', 'PTZStatus')
  const moves = ['PanTilt', 'Zoom'].map((axis) => textAt(status, 'MoveStatus', axis)?.toUpperCase())
  const [place] = elementsAt(status, 'Position')
  const at = readPose(place)
  const isMoving = moves.includes('MOVING') ? true : moves.includes('IDLE') ? false : null
  return { at, isMoving, said: place === undefined ? 'GetStatus names no position' : 'the position that GetStatus names is none' }
}

/** Generic spaces and degrees, as one. A camera that turns only or zooms only has no word for the other. */
function readPose(place: unknown): DeviceAim['at'] {
  const [[turn], [zoom]] = [elementsAt(place, 'PanTilt'), elementsAt(place, 'Zoom')]
  if (turn === undefined && zoom === undefined) return null
  const isDegrees = /degrees/i.test(attributeOf(turn, 'space') ?? '')
  const axis = (node: unknown, name: string, whole: number): number => (node === undefined ? 0 : Number(attributeOf(node, name) || Number.NaN) / whole)
  const at = { pan: axis(turn, 'x', isDegrees ? 180 : 1), tilt: axis(turn, 'y', isDegrees ? 90 : 1), zoom: axis(zoom, 'x', 1) }
  return Math.abs(at.pan) <= 1 && Math.abs(at.tilt) <= 1 && at.zoom >= 0 && at.zoom <= 1 ? at : null
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
