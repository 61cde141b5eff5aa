import { scopesOf, SERVICE_PATHS, type DeviceFacts } from './device-facts.js'
import { done, notSupported, NS, type Answer, type Call } from './soap.js'
import { escapeXml, textAt } from './xml-tree.js'

/** The device management service (ONVIF Core 8): who the device is, what time it believes it is, what else it offers. */
export function answerDevice(facts: DeviceFacts, call: Call): Answer {
  switch (call.operation) {
    case 'GetSystemDateAndTime':
      return done(dateAndTime(facts.deviceWallMs()))
    case 'GetDeviceInformation':
      return done(`<tds:GetDeviceInformationResponse><tds:Manufacturer>${escapeXml(facts.vendor)}</tds:Manufacturer><tds:Model>${escapeXml(facts.model)}</tds:Model><tds:FirmwareVersion>${escapeXml(facts.firmware)}</tds:FirmwareVersion><tds:SerialNumber>${escapeXml(facts.serial)}</tds:SerialNumber><tds:HardwareId>${escapeXml(facts.model)}</tds:HardwareId></tds:GetDeviceInformationResponse>`)
    case 'GetServices':
      return done(services(facts, textAt(call.argument, 'IncludeCapability') === 'true'))
    case 'GetServiceCapabilities':
      return done(`<tds:GetServiceCapabilitiesResponse>${DEVICE_CAPABILITIES}</tds:GetServiceCapabilitiesResponse>`)
    case 'GetCapabilities':
      return done(capabilities(facts, call))
    case 'GetScopes':
      return done(`<tds:GetScopesResponse>${scopesOf(facts).map((scope) => `<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>${escapeXml(scope)}</tt:ScopeItem></tds:Scopes>`).join('')}</tds:GetScopesResponse>`)
    case 'GetHostname':
      return done(`<tds:GetHostnameResponse><tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP><tt:Name>${escapeXml(facts.id)}</tt:Name></tds:HostnameInformation></tds:GetHostnameResponse>`)
    case 'GetDiscoveryMode':
      return done('<tds:GetDiscoveryModeResponse><tds:DiscoveryMode>Discoverable</tds:DiscoveryMode></tds:GetDiscoveryModeResponse>')
    case 'GetNetworkInterfaces':
      return done(networkInterfaces(facts))
    case 'GetNetworkProtocols':
      return done(`<tds:GetNetworkProtocolsResponse>${protocol('HTTP', new URL(facts.origin()).port)}${protocol('RTSP', new URL(facts.streamUrl('main').replace('rtsp:', 'http:')).port)}</tds:GetNetworkProtocolsResponse>`)
    case 'GetUsers':
      return done(`<tds:GetUsersResponse><tds:User><tt:Username>${escapeXml(facts.user)}</tt:Username><tt:UserLevel>Administrator</tt:UserLevel></tds:User></tds:GetUsersResponse>`)
    case 'GetDNS':
      return done('<tds:GetDNSResponse><tds:DNSInformation><tt:FromDHCP>false</tt:FromDHCP></tds:DNSInformation></tds:GetDNSResponse>')
    case 'GetNTP':
      return done('<tds:GetNTPResponse><tds:NTPInformation><tt:FromDHCP>false</tt:FromDHCP></tds:NTPInformation></tds:GetNTPResponse>')
    case 'GetWsdlUrl':
      return done('<tds:GetWsdlUrlResponse><tds:WsdlUrl>http://www.onvif.org/</tds:WsdlUrl></tds:GetWsdlUrlResponse>')
    default:
      return notSupported(call.operation)
  }
}

const DEVICE_CAPABILITIES = '<tds:Capabilities><tds:Network IPFilter="false" ZeroConfiguration="false" IPVersion6="false" DynDNS="false"/><tds:Security TLS1.1="false" TLS1.2="false" UsernameToken="true" HttpDigest="true" RELToken="false"/><tds:System DiscoveryResolve="true" DiscoveryBye="false" RemoteDiscovery="false" SystemBackup="false" SystemLogging="false" FirmwareUpgrade="false"/></tds:Capabilities>'
export const MEDIA_CAPABILITIES = '<trt:Capabilities SnapshotUri="true" Rotation="false" VideoSourceMode="false" OSD="false"><trt:ProfileCapabilities MaximumNumberOfProfiles="2"/><trt:StreamingCapabilities RTPMulticast="false" RTP_TCP="true" RTP_RTSP_TCP="true" NonAggregateControl="false"/></trt:Capabilities>'
export const PTZ_CAPABILITIES = '<tptz:Capabilities EFlip="false" Reverse="false" GetCompatibleConfigurations="false" MoveStatus="true" StatusPosition="true"/>'
export const EVENT_CAPABILITIES = '<tev:Capabilities WSSubscriptionPolicySupport="false" WSPullPointSupport="true" WSPausableSubscriptionManagerInterfaceSupport="false" MaxNotificationProducers="0" MaxPullPoints="16" PersistentNotificationStorage="false"/>'

function services(facts: DeviceFacts, withCapabilities: boolean): string {
  const one = (namespace: string, path: string, own: string): string => `<tds:Service><tds:Namespace>${namespace}</tds:Namespace><tds:XAddr>${facts.origin()}${path}</tds:XAddr>${withCapabilities ? `<tds:Capabilities>${own}</tds:Capabilities>` : ''}<tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>`
  return `<tds:GetServicesResponse>${one(NS.device, SERVICE_PATHS.device, DEVICE_CAPABILITIES)}${one(NS.media, SERVICE_PATHS.media, MEDIA_CAPABILITIES)}${one(NS.events, SERVICE_PATHS.events, EVENT_CAPABILITIES)}${facts.ptz ? one(NS.ptz, SERVICE_PATHS.ptz, PTZ_CAPABILITIES) : ''}</tds:GetServicesResponse>`
}

const CATEGORIES = ['Device', 'Events', 'Media', 'PTZ'] as const

function capabilities(facts: DeviceFacts, call: Call): string {
  const address = (path: string): string => `<tt:XAddr>${facts.origin()}${path}</tt:XAddr>`
  const parts: Readonly<Record<(typeof CATEGORIES)[number], string>> = {
    Device: `<tt:Device>${address(SERVICE_PATHS.device)}<tt:Network><tt:IPFilter>false</tt:IPFilter><tt:ZeroConfiguration>false</tt:ZeroConfiguration><tt:IPVersion6>false</tt:IPVersion6><tt:DynDNS>false</tt:DynDNS></tt:Network><tt:System><tt:DiscoveryResolve>true</tt:DiscoveryResolve><tt:DiscoveryBye>false</tt:DiscoveryBye><tt:RemoteDiscovery>false</tt:RemoteDiscovery><tt:SystemBackup>false</tt:SystemBackup><tt:SystemLogging>false</tt:SystemLogging><tt:FirmwareUpgrade>false</tt:FirmwareUpgrade><tt:SupportedVersions><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tt:SupportedVersions></tt:System></tt:Device>`,
    Events: `<tt:Events>${address(SERVICE_PATHS.events)}<tt:WSSubscriptionPolicySupport>false</tt:WSSubscriptionPolicySupport><tt:WSPullPointSupport>true</tt:WSPullPointSupport><tt:WSPausableSubscriptionManagerInterfaceSupport>false</tt:WSPausableSubscriptionManagerInterfaceSupport></tt:Events>`,
    Media: `<tt:Media>${address(SERVICE_PATHS.media)}<tt:StreamingCapabilities><tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>true</tt:RTP_TCP><tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities><tt:Extension><tt:ProfileCapabilities><tt:MaximumNumberOfProfiles>2</tt:MaximumNumberOfProfiles></tt:ProfileCapabilities></tt:Extension></tt:Media>`,
    PTZ: facts.ptz ? `<tt:PTZ>${address(SERVICE_PATHS.ptz)}</tt:PTZ>` : '',
  }
  const asked = call.argument.children.filter((element) => element.name === 'Category').map((element) => element.text)
  const wanted = CATEGORIES.filter((category) => asked.length === 0 || asked.includes('All') || asked.includes(category))
  return `<tds:GetCapabilitiesResponse><tds:Capabilities>${wanted.map((category) => parts[category]).join('')}</tds:Capabilities></tds:GetCapabilitiesResponse>`
}

function dateAndTime(deviceMs: number): string {
  const now = new Date(deviceMs)
  const local = new Date(deviceMs + 7 * 3_600_000) // Vietnam has no daylight saving: always UTC+7
  const parts = (at: Date): string => `<tt:Time><tt:Hour>${at.getUTCHours()}</tt:Hour><tt:Minute>${at.getUTCMinutes()}</tt:Minute><tt:Second>${at.getUTCSeconds()}</tt:Second></tt:Time><tt:Date><tt:Year>${at.getUTCFullYear()}</tt:Year><tt:Month>${at.getUTCMonth() + 1}</tt:Month><tt:Day>${at.getUTCDate()}</tt:Day></tt:Date>`
  // POSIX time zones count west as positive, so UTC+7 is written -7.
  return `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>Manual</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>ICT-7</tt:TZ></tt:TimeZone><tt:UTCDateTime>${parts(now)}</tt:UTCDateTime><tt:LocalDateTime>${parts(local)}</tt:LocalDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`
}

function networkInterfaces(facts: DeviceFacts): string {
  return `<tds:GetNetworkInterfacesResponse><tds:NetworkInterfaces token="eth0"><tt:Enabled>true</tt:Enabled><tt:Info><tt:Name>eth0</tt:Name><tt:HwAddress>${facts.mac}</tt:HwAddress><tt:MTU>1500</tt:MTU></tt:Info><tt:IPv4><tt:Enabled>true</tt:Enabled><tt:Config><tt:Manual><tt:Address>${facts.address}</tt:Address><tt:PrefixLength>24</tt:PrefixLength></tt:Manual><tt:DHCP>false</tt:DHCP></tt:Config></tt:IPv4></tds:NetworkInterfaces></tds:GetNetworkInterfacesResponse>`
}

function protocol(name: string, port: string): string {
  return `<tds:NetworkProtocols><tt:Name>${name}</tt:Name><tt:Enabled>true</tt:Enabled><tt:Port>${port || '80'}</tt:Port></tds:NetworkProtocols>`
}

