import { EVENT_CAPABILITIES } from './device-service.js'
import { SUBSCRIPTION_PATH, VIDEO_SOURCE_CONFIGURATION_TOKEN, VIDEO_SOURCE_TOKEN, type DeviceFacts } from './device-facts.js'
import { TOPICS, type EventDesk, type Notice, type Subscription } from './event-desk.js'
import { done, notSupported, readDurationMs, writeTime, type Answer, type Call, type Refusal } from './soap.js'
import { child, textAt, type XmlElement } from './xml-tree.js'

/** The event service with pull points (ONVIF Core 9.2): a client subscribes, then asks again and again and waits for an answer. */
const LIFE_MS_DEFAULT = 60_000
const LIFE_MS_MAX = 3_600_000
const PULL_MS_MAX = 60_000
const PULL_LIMIT_MAX = 100
const WSNT = 'http://docs.oasis-open.org/wsn/bw-2'
const TEV = 'http://www.onvif.org/ver10/events/wsdl'
const DIALECT = 'http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet'

export async function answerEvents(facts: DeviceFacts, desk: EventDesk, call: Call): Promise<Answer> {
  if (call.path.startsWith(SUBSCRIPTION_PATH)) return answerSubscription(facts, desk, call)
  switch (call.operation) {
    case 'GetServiceCapabilities':
      return done(`<tev:GetServiceCapabilitiesResponse>${EVENT_CAPABILITIES}</tev:GetServiceCapabilitiesResponse>`)
    case 'GetEventProperties':
      return done(eventProperties())
    case 'CreatePullPointSubscription': {
      const lifeMs = readLifeMs(textAt(call.argument, 'InitialTerminationTime'), facts.deviceWallMs())
      if (lifeMs === null) return badTime
      const subscription = desk.subscribe(lifeMs, topicFilter(child(call.argument, 'Filter')))
      if (!subscription) return { kind: 'fault', side: 'Receiver', codes: ['ter:Action', 'ter:MaxNotificationProducers'], reason: 'Too many subscriptions: unsubscribe from one first' }
      return done(`<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference><wsa5:Address>${facts.origin()}${SUBSCRIPTION_PATH}${subscription.id}</wsa5:Address></tev:SubscriptionReference>${times(facts, subscription, 'wsnt')}</tev:CreatePullPointSubscriptionResponse>`, `${TEV}/EventPortType/CreatePullPointSubscriptionResponse`)
    }
    default:
      return notSupported(call.operation)
  }
}

async function answerSubscription(facts: DeviceFacts, desk: EventDesk, call: Call): Promise<Answer> {
  const subscription = desk.find(call.path.slice(SUBSCRIPTION_PATH.length))
  if (!subscription) return { kind: 'fault', side: 'Sender', codes: ['ter:InvalidArgVal', 'ter:NoEntity'], reason: 'This subscription has ended: create a new one' }
  switch (call.operation) {
    case 'PullMessages': {
      const timeoutMs = readDurationMs(textAt(call.argument, 'Timeout') ?? '')
      const limit = Number(textAt(call.argument, 'MessageLimit') ?? '1')
      if (timeoutMs === null || timeoutMs > PULL_MS_MAX || !Number.isInteger(limit) || limit < 1) return { kind: 'fault', side: 'Receiver', codes: ['ter:PullMessagesFault'], reason: 'Timeout must be a duration of at most PT60S and MessageLimit at least 1' }
      const notices = await subscription.pull({ timeoutMs, limit: Math.min(limit, PULL_LIMIT_MAX), gone: call.gone })
      return done(`<tev:PullMessagesResponse>${times(facts, subscription, 'tev')}${notices.map(notification).join('')}</tev:PullMessagesResponse>`, `${TEV}/PullPointSubscription/PullMessagesResponse`)
    }
    case 'Renew': {
      const lifeMs = readLifeMs(textAt(call.argument, 'TerminationTime'), facts.deviceWallMs())
      if (lifeMs === null) return badTime
      subscription.renew(lifeMs)
      return done(`<wsnt:RenewResponse><wsnt:TerminationTime>${writeTime(subscription.endsAtMs)}</wsnt:TerminationTime><wsnt:CurrentTime>${writeTime(facts.deviceWallMs())}</wsnt:CurrentTime></wsnt:RenewResponse>`, `${WSNT}/SubscriptionManager/RenewResponse`)
    }
    case 'Unsubscribe':
      subscription.end()
      return done('<wsnt:UnsubscribeResponse/>', `${WSNT}/SubscriptionManager/UnsubscribeResponse`)
    case 'SetSynchronizationPoint':
      subscription.resynchronize()
      return done('<tev:SetSynchronizationPointResponse/>', `${TEV}/PullPointSubscription/SetSynchronizationPointResponse`)
    default:
      return notSupported(call.operation)
  }
}

const badTime: Refusal = { kind: 'fault', side: 'Sender', codes: ['ter:InvalidArgVal', 'ter:UnacceptableInitialTerminationTime'], reason: 'The termination time must be a duration such as PT60S, or a time within the next hour' }

/** The standard allows a duration or a moment; both are measured on the device's clock. */
function readLifeMs(text: string | undefined, deviceWallMs: number): number | null {
  if (text === undefined || text === '') return LIFE_MS_DEFAULT
  const lifeMs = readDurationMs(text) ?? Date.parse(text) - deviceWallMs
  return lifeMs > 0 ? Math.min(lifeMs, LIFE_MS_MAX) : null
}

/** Concrete topics and their subtrees (`tns1:VideoSource//.`), joined by `|`. Prefixes are taken as usual ones. */
function topicFilter(filter: XmlElement | undefined): (topicPath: string) => boolean {
  const expressions = (filter?.children ?? []).filter((element) => element.name === 'TopicExpression').flatMap((element) => element.text.split('|')).map((text) => text.trim().replace(/\/\/?\.$/, '')).filter((text) => text !== '')
  return (topicPath) => expressions.length === 0 || expressions.some((wanted) => topicPath === wanted || topicPath.startsWith(`${wanted}/`))
}

function times(facts: DeviceFacts, subscription: Subscription, prefix: string): string {
  return `<${prefix}:CurrentTime>${writeTime(facts.deviceWallMs())}</${prefix}:CurrentTime><${prefix}:TerminationTime>${writeTime(subscription.endsAtMs)}</${prefix}:TerminationTime>`
}

function notification({ topic, state, operation, atMs }: Notice): string {
  const { path, state: stateName, source } = TOPICS[topic]
  const items = source === 'video' ? simpleItem('Source', VIDEO_SOURCE_TOKEN) : simpleItem('VideoSourceConfigurationToken', VIDEO_SOURCE_CONFIGURATION_TOKEN) + simpleItem('Rule', path.split('/')[1] ?? '')
  return `<wsnt:NotificationMessage><wsnt:Topic Dialect="${DIALECT}">${path}</wsnt:Topic><wsnt:Message><tt:Message UtcTime="${new Date(atMs).toISOString()}" PropertyOperation="${operation}"><tt:Source>${items}</tt:Source><tt:Data>${simpleItem(stateName, String(state))}</tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>`
}

function simpleItem(name: string, value: string): string {
  return `<tt:SimpleItem Name="${name}" Value="${value}"/>`
}

function eventProperties(): string {
  const leaf = (stateName: string): string => `<tt:MessageDescription IsProperty="true"><tt:Source><tt:SimpleItemDescription Name="Source" Type="tt:ReferenceToken"/></tt:Source><tt:Data><tt:SimpleItemDescription Name="${stateName}" Type="xsd:boolean"/></tt:Data></tt:MessageDescription>`
  // Topics with one root stand below one element: two roots of one name would hide each other from simple clients.
  const roots = new Map<string, string[]>()
  for (const { path, state } of Object.values(TOPICS)) {
    const [root = '', ...rest] = path.replace('tns1:', '').split('/')
    const branch = rest.reduceRight((body, name, index) => `<${name}${index === rest.length - 1 ? ' wstop:topic="true"' : ''}>${body}</${name}>`, leaf(state))
    roots.set(root, [...(roots.get(root) ?? []), branch])
  }
  const tree = [...roots].map(([root, branches]) => `<tns1:${root}>${branches.join('')}</tns1:${root}>`)
  return `<tev:GetEventPropertiesResponse><tev:TopicNamespaceLocation>http://www.onvif.org/onvif/ver10/topics/topicns.xml</tev:TopicNamespaceLocation><wsnt:FixedTopicSet>true</wsnt:FixedTopicSet><wstop:TopicSet>${tree.join('')}</wstop:TopicSet><wsnt:TopicExpressionDialect>${DIALECT}</wsnt:TopicExpressionDialect><tev:MessageContentFilterDialect>http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter</tev:MessageContentFilterDialect><tev:MessageContentSchemaLocation>http://www.onvif.org/onvif/ver10/schema/onvif.xsd</tev:MessageContentSchemaLocation></tev:GetEventPropertiesResponse>`
}
