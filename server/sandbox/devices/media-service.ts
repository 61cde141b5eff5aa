import { MEDIA_CAPABILITIES } from './device-service.js'
import { PROFILE_TOKENS, PTZ_CONFIGURATION_TOKEN, PTZ_NODE_TOKEN, roleOfProfile, ROLES, SNAPSHOT_PATH, VIDEO_SOURCE_CONFIGURATION_TOKEN, VIDEO_SOURCE_TOKEN, type DeviceFacts, type StreamRole } from './device-facts.js'
import { badArgument, done, notSupported, type Answer, type Call } from './soap.js'
import { child, escapeXml, textAt } from './xml-tree.js'

/** The media service, version 1.0: two profiles of one video source, and where their streams and stills are. */
export function answerMedia(facts: DeviceFacts, call: Call): Answer {
  const role = roleOfProfile(textAt(call.argument, 'ProfileToken'))
  const withProfile = (write: (role: StreamRole) => string): Answer => (role ? done(write(role)) : badArgument('ter:NoProfile', 'Profile token does not exist'))
  const encoderRole = ROLES.find((candidate) => encoderToken(candidate) === textAt(call.argument, 'ConfigurationToken'))
  switch (call.operation) {
    case 'GetServiceCapabilities':
      return done(`<trt:GetServiceCapabilitiesResponse>${MEDIA_CAPABILITIES}</trt:GetServiceCapabilitiesResponse>`)
    case 'GetProfiles':
      return done(`<trt:GetProfilesResponse>${ROLES.map((each) => profile(facts, each, 'trt:Profiles')).join('')}</trt:GetProfilesResponse>`)
    case 'GetProfile':
      return withProfile((each) => `<trt:GetProfileResponse>${profile(facts, each, 'trt:Profile')}</trt:GetProfileResponse>`)
    case 'GetVideoSources':
      return done(`<trt:GetVideoSourcesResponse><trt:VideoSources token="${VIDEO_SOURCE_TOKEN}"><tt:Framerate>${facts.fps}</tt:Framerate>${resolution(facts, 'main')}</trt:VideoSources></trt:GetVideoSourcesResponse>`)
    case 'GetVideoSourceConfigurations':
      return done(`<trt:GetVideoSourceConfigurationsResponse>${sourceConfiguration(facts, 'trt:Configurations')}</trt:GetVideoSourceConfigurationsResponse>`)
    case 'GetVideoSourceConfiguration':
      return textAt(call.argument, 'ConfigurationToken') === VIDEO_SOURCE_CONFIGURATION_TOKEN ? done(`<trt:GetVideoSourceConfigurationResponse>${sourceConfiguration(facts, 'trt:Configuration')}</trt:GetVideoSourceConfigurationResponse>`) : noConfiguration
    case 'GetVideoEncoderConfigurations':
      return done(`<trt:GetVideoEncoderConfigurationsResponse>${ROLES.map((each) => encoder(facts, each, 'trt:Configurations')).join('')}</trt:GetVideoEncoderConfigurationsResponse>`)
    case 'GetVideoEncoderConfiguration':
      return encoderRole ? done(`<trt:GetVideoEncoderConfigurationResponse>${encoder(facts, encoderRole, 'trt:Configuration')}</trt:GetVideoEncoderConfigurationResponse>`) : noConfiguration
    case 'GetVideoEncoderConfigurationOptions':
      return done(encoderOptions(facts, encoderRole ?? role ?? 'main'))
    case 'GetStreamUri': {
      const setup = child(call.argument, 'StreamSetup')
      if (textAt(setup, 'Stream') === 'RTP-Multicast') return badArgument('ter:InvalidStreamSetup', 'This device sends no multicast: ask for RTP-Unicast')
      if (textAt(setup, 'Transport', 'Protocol') === 'HTTP') return badArgument('ter:InvalidStreamSetup', 'RTSP over HTTP is not available: ask for RTSP or UDP')
      return withProfile((each) => `<trt:GetStreamUriResponse>${mediaUri(facts.streamUrl(each))}</trt:GetStreamUriResponse>`)
    }
    case 'GetSnapshotUri':
      return withProfile((each) => `<trt:GetSnapshotUriResponse>${mediaUri(`${facts.origin()}${SNAPSHOT_PATH}${each}.jpg`)}</trt:GetSnapshotUriResponse>`)
    case 'GetGuaranteedNumberOfVideoEncoderInstances':
      return done('<trt:GetGuaranteedNumberOfVideoEncoderInstancesResponse><trt:TotalNumber>2</trt:TotalNumber><trt:H264>2</trt:H264></trt:GetGuaranteedNumberOfVideoEncoderInstancesResponse>')
    case 'GetAudioSources':
      return done('<trt:GetAudioSourcesResponse/>')
    case 'SetSynchronizationPoint':
      return withProfile(() => '<trt:SetSynchronizationPointResponse/>')
    default:
      return notSupported(call.operation)
  }
}

const noConfiguration = badArgument('ter:NoConfig', 'Configuration token does not exist')

function encoderToken(role: StreamRole): string {
  return `encoder_${role}`
}

function resolution(facts: DeviceFacts, role: StreamRole): string {
  const { width, height } = facts.streams[role]
  return `<tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution>`
}

function profile(facts: DeviceFacts, role: StreamRole, tag: string): string {
  return `<${tag} token="${PROFILE_TOKENS[role]}" fixed="true"><tt:Name>${role === 'main' ? 'mainStream' : 'subStream'}</tt:Name>${sourceConfiguration(facts, 'tt:VideoSourceConfiguration')}${encoder(facts, role, 'tt:VideoEncoderConfiguration')}${facts.ptz ? ptzConfiguration('tt:PTZConfiguration') : ''}</${tag}>`
}

function sourceConfiguration(facts: DeviceFacts, tag: string): string {
  const { width, height } = facts.streams.main
  return `<${tag} token="${VIDEO_SOURCE_CONFIGURATION_TOKEN}"><tt:Name>${escapeXml(facts.model)} sensor</tt:Name><tt:UseCount>2</tt:UseCount><tt:SourceToken>${VIDEO_SOURCE_TOKEN}</tt:SourceToken><tt:Bounds x="0" y="0" width="${width}" height="${height}"/></${tag}>`
}

function encoder(facts: DeviceFacts, role: StreamRole, tag: string): string {
  const { kilobits, gop, profile: h264 } = facts.streams[role]
  return `<${tag} token="${encoderToken(role)}"><tt:Name>${role}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding>${resolution(facts, role)}<tt:Quality>4</tt:Quality><tt:RateControl><tt:FrameRateLimit>${Math.round(facts.fps)}</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>${kilobits}</tt:BitrateLimit></tt:RateControl><tt:H264><tt:GovLength>${gop}</tt:GovLength><tt:H264Profile>${h264}</tt:H264Profile></tt:H264><tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address></tt:Address><tt:Port>0</tt:Port><tt:TTL>0</tt:TTL><tt:AutoStart>false</tt:AutoStart></tt:Multicast><tt:SessionTimeout>PT60S</tt:SessionTimeout></${tag}>`
}

function encoderOptions(facts: DeviceFacts, role: StreamRole): string {
  const { width, height, gop, profile: h264 } = facts.streams[role]
  return `<trt:GetVideoEncoderConfigurationOptionsResponse><trt:Options><tt:QualityRange><tt:Min>1</tt:Min><tt:Max>6</tt:Max></tt:QualityRange><tt:H264><tt:ResolutionsAvailable><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:ResolutionsAvailable><tt:GovLengthRange><tt:Min>${gop}</tt:Min><tt:Max>${gop}</tt:Max></tt:GovLengthRange><tt:FrameRateRange><tt:Min>${Math.round(facts.fps)}</tt:Min><tt:Max>${Math.round(facts.fps)}</tt:Max></tt:FrameRateRange><tt:EncodingIntervalRange><tt:Min>1</tt:Min><tt:Max>1</tt:Max></tt:EncodingIntervalRange><tt:H264ProfilesSupported>${h264}</tt:H264ProfilesSupported></tt:H264></trt:Options></trt:GetVideoEncoderConfigurationOptionsResponse>`
}

export function ptzConfiguration(tag: string): string {
  const spaces = 'http://www.onvif.org/ver10/tptz'
  return `<${tag} token="${PTZ_CONFIGURATION_TOKEN}"><tt:Name>PTZ</tt:Name><tt:UseCount>2</tt:UseCount><tt:NodeToken>${PTZ_NODE_TOKEN}</tt:NodeToken><tt:DefaultAbsolutePantTiltPositionSpace>${spaces}/PanTiltSpaces/PositionGenericSpace</tt:DefaultAbsolutePantTiltPositionSpace><tt:DefaultAbsoluteZoomPositionSpace>${spaces}/ZoomSpaces/PositionGenericSpace</tt:DefaultAbsoluteZoomPositionSpace><tt:DefaultContinuousPanTiltVelocitySpace>${spaces}/PanTiltSpaces/VelocityGenericSpace</tt:DefaultContinuousPanTiltVelocitySpace><tt:DefaultContinuousZoomVelocitySpace>${spaces}/ZoomSpaces/VelocityGenericSpace</tt:DefaultContinuousZoomVelocitySpace><tt:DefaultPTZTimeout>PT10S</tt:DefaultPTZTimeout></${tag}>`
}

function mediaUri(uri: string): string {
  return `<trt:MediaUri><tt:Uri>${escapeXml(uri)}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri>`
}
