import { PTZ_CAPABILITIES } from './device-service.js'
import { PTZ_CONFIGURATION_TOKEN, PTZ_NODE_TOKEN, roleOfProfile, type DeviceFacts } from './device-facts.js'
import { ptzConfiguration } from './media-service.js'
import { PRESETS_MAX, type Pose, type PtzMount } from './ptz-mount.js'
import { badArgument, done, notSupported, readDurationMs, writeTime, type Answer, type Call } from './soap.js'
import { child, escapeXml, textAt, type XmlElement } from './xml-tree.js'

/** The PTZ service, version 2.0. A move without a timeout stops after ten seconds, so that a lost client cannot leave it turning. */
const MOVE_MS_DEFAULT = 10_000

export function answerPtz(facts: DeviceFacts, mount: PtzMount, call: Call): Answer {
  const { argument, operation } = call
  switch (operation) {
    case 'GetServiceCapabilities':
      return done(`<tptz:GetServiceCapabilitiesResponse>${PTZ_CAPABILITIES}</tptz:GetServiceCapabilitiesResponse>`)
    case 'GetNodes':
      return done(`<tptz:GetNodesResponse>${node()}</tptz:GetNodesResponse>`)
    case 'GetNode':
      return textAt(argument, 'NodeToken') === PTZ_NODE_TOKEN ? done(`<tptz:GetNodeResponse>${node()}</tptz:GetNodeResponse>`) : badArgument('ter:NoEntity', 'PTZ node token does not exist')
    case 'GetConfigurations':
      return done(`<tptz:GetConfigurationsResponse>${ptzConfiguration('tptz:PTZConfiguration')}</tptz:GetConfigurationsResponse>`)
    case 'GetConfiguration':
      return textAt(argument, 'PTZConfigurationToken') === PTZ_CONFIGURATION_TOKEN ? done(`<tptz:GetConfigurationResponse>${ptzConfiguration('tptz:PTZConfiguration')}</tptz:GetConfigurationResponse>`) : badArgument('ter:NoConfig', 'PTZ configuration token does not exist')
    case 'GetConfigurationOptions':
      return done(`<tptz:GetConfigurationOptionsResponse><tptz:PTZConfigurationOptions><tt:Spaces>${SPACES}</tt:Spaces><tt:PTZTimeout><tt:Min>PT0S</tt:Min><tt:Max>PT60S</tt:Max></tt:PTZTimeout></tptz:PTZConfigurationOptions></tptz:GetConfigurationOptionsResponse>`)
    default:
      // Everything below moves or asks one profile's mount.
      return roleOfProfile(textAt(argument, 'ProfileToken')) ? answerMove(facts, mount, call) : MOVES.has(operation) ? badArgument('ter:NoProfile', 'Profile token does not exist') : notSupported(operation)
  }
}

const MOVES = new Set(['ContinuousMove', 'AbsoluteMove', 'RelativeMove', 'Stop', 'GetStatus', 'GetPresets', 'SetPreset', 'RemovePreset', 'GotoPreset', 'GotoHomePosition', 'SetHomePosition'])

function answerMove(facts: DeviceFacts, mount: PtzMount, { argument, operation }: Call): Answer {
  const finished = done(`<tptz:${operation}Response/>`)
  const presetToken = textAt(argument, 'PresetToken')
  switch (operation) {
    case 'ContinuousMove': {
      const timeout = textAt(argument, 'Timeout')
      const timeoutMs = timeout === undefined ? MOVE_MS_DEFAULT : readDurationMs(timeout)
      const velocity = readVector(child(argument, 'Velocity'), -1)
      if (timeoutMs === null || timeoutMs > 60_000) return badArgument('ter:InvalidArgVal', 'Timeout must be a duration of at most PT60S')
      if (!velocity) return badArgument('ter:InvalidVelocity', 'Velocity must hold numbers from -1 to 1')
      mount.moveOn(velocity, timeoutMs)
      return finished
    }
    case 'AbsoluteMove': {
      const target = readVector(child(argument, 'Position'), 0)
      if (!target) return badArgument('ter:InvalidPosition', 'Position must hold pan and tilt from -1 to 1 and zoom from 0 to 1')
      mount.moveTo(target)
      return finished
    }
    case 'RelativeMove': {
      const change = readVector(child(argument, 'Translation'), -1)
      if (!change) return badArgument('ter:InvalidTranslation', 'Translation must hold numbers from -1 to 1')
      mount.moveBy(change)
      return finished
    }
    case 'Stop':
      mount.stop({ panTilt: textAt(argument, 'PanTilt') !== 'false', zoom: textAt(argument, 'Zoom') !== 'false' })
      return finished
    case 'GetStatus':
      return done(status(mount, facts.deviceWallMs()))
    case 'GetPresets':
      return done(`<tptz:GetPresetsResponse>${mount.presets().map(({ token, name, pose }) => `<tptz:Preset token="${escapeXml(token)}"><tt:Name>${escapeXml(name)}</tt:Name><tt:PTZPosition>${vector(pose)}</tt:PTZPosition></tptz:Preset>`).join('')}</tptz:GetPresetsResponse>`)
    case 'SetPreset': {
      const saved = mount.savePreset(textAt(argument, 'PresetName') ?? '', presetToken)
      if (saved) return done(`<tptz:SetPresetResponse><tptz:PresetToken>${saved.token}</tptz:PresetToken></tptz:SetPresetResponse>`)
      return presetToken === undefined ? { kind: 'fault', side: 'Receiver', codes: ['ter:Action', 'ter:TooManyPresets'], reason: `All ${PRESETS_MAX} presets are in use` } : noPreset
    }
    case 'RemovePreset':
      return mount.removePreset(presetToken ?? '') ? finished : noPreset
    case 'GotoPreset':
      return mount.goToPreset(presetToken ?? '') ? finished : noPreset
    case 'GotoHomePosition':
      mount.goHome()
      return finished
    case 'SetHomePosition':
      mount.setHome()
      return finished
    default:
      return notSupported(operation)
  }
}

const noPreset = badArgument('ter:NoToken', 'Preset token does not exist')

/** Null when a number is missing or out of range; parts that are absent stay as they are. */
function readVector(element: XmlElement | undefined, zoomMin: number): Partial<Pose> | null {
  const number = (from: XmlElement, name: string, min: number): number | null => {
    const text = from.attributes.get(name) ?? ''
    const value = Number(text)
    return text !== '' && value >= min && value <= 1 ? value : null
  }
  const panTilt = child(element, 'PanTilt')
  const zoomElement = child(element, 'Zoom')
  if (!panTilt && !zoomElement) return null
  const pan = panTilt ? number(panTilt, 'x', -1) : undefined
  const tilt = panTilt ? number(panTilt, 'y', -1) : undefined
  const zoom = zoomElement ? number(zoomElement, 'x', zoomMin) : undefined
  if (pan === null || tilt === null || zoom === null) return null
  return { ...(pan === undefined ? {} : { pan }), ...(tilt === undefined ? {} : { tilt }), ...(zoom === undefined ? {} : { zoom }) }
}

const SPACE = 'http://www.onvif.org/ver10/tptz'

function vector({ pan, tilt, zoom }: Pose): string {
  return `<tt:PanTilt x="${pan.toFixed(4)}" y="${tilt.toFixed(4)}" space="${SPACE}/PanTiltSpaces/PositionGenericSpace"/><tt:Zoom x="${zoom.toFixed(4)}" space="${SPACE}/ZoomSpaces/PositionGenericSpace"/>`
}

function status(mount: PtzMount, deviceWallMs: number): string {
  const state = mount.moving() ? 'MOVING' : 'IDLE'
  return `<tptz:GetStatusResponse><tptz:PTZStatus><tt:Position>${vector(mount.pose())}</tt:Position><tt:MoveStatus><tt:PanTilt>${state}</tt:PanTilt><tt:Zoom>${state}</tt:Zoom></tt:MoveStatus><tt:UtcTime>${writeTime(deviceWallMs)}</tt:UtcTime></tptz:PTZStatus></tptz:GetStatusResponse>`
}

const range = (axis: string, min: number, max: number): string => `<tt:${axis}><tt:Min>${min}</tt:Min><tt:Max>${max}</tt:Max></tt:${axis}>`
const panTiltSpace = (tag: string, space: string): string => `<tt:${tag}><tt:URI>${SPACE}/PanTiltSpaces/${space}</tt:URI>${range('XRange', -1, 1)}${range('YRange', -1, 1)}</tt:${tag}>`
const zoomSpace = (tag: string, space: string, min: number): string => `<tt:${tag}><tt:URI>${SPACE}/ZoomSpaces/${space}</tt:URI>${range('XRange', min, 1)}</tt:${tag}>`
const SPACES = [
  panTiltSpace('AbsolutePanTiltPositionSpace', 'PositionGenericSpace'), zoomSpace('AbsoluteZoomPositionSpace', 'PositionGenericSpace', 0),
  panTiltSpace('RelativePanTiltTranslationSpace', 'TranslationGenericSpace'), zoomSpace('RelativeZoomTranslationSpace', 'TranslationGenericSpace', -1),
  panTiltSpace('ContinuousPanTiltVelocitySpace', 'VelocityGenericSpace'), zoomSpace('ContinuousZoomVelocitySpace', 'VelocityGenericSpace', -1),
].join('')

function node(): string {
  return `<tptz:PTZNode token="${PTZ_NODE_TOKEN}" FixedHomePosition="false"><tt:Name>PTZ</tt:Name><tt:SupportedPTZSpaces>${SPACES}</tt:SupportedPTZSpaces><tt:MaximumNumberOfPresets>${PRESETS_MAX}</tt:MaximumNumberOfPresets><tt:HomeSupported>true</tt:HomeSupported></tptz:PTZNode>`
}
