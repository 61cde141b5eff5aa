import { pino } from 'pino'

/** Structured, one line a fact. `redactUrls` stands between every message and the disk: credentials never reach a log. */
export interface Log {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
  child(facts: object): Log
}

const USERINFO = /\b([a-z][a-z0-9+.-]*:\/\/)[^/\s@]*@/gi

/** Takes user names and passwords out of every URL in a text. */
export function redactUrls(text: string): string {
  return text.replace(USERINFO, '$1***@')
}

function redactDeep(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactUrls(value)
  if (value instanceof Error) return { name: value.name, message: redactUrls(value.message), stack: redactUrls(value.stack ?? '') }
  if (depth > 4 || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, SECRET_KEY.test(key) ? '***' : redactDeep(item, depth + 1)]))
}

const SECRET_KEY = /password|passwd|secret|token|cookie|authorization/i

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export function makeLog(level: LogLevel, toFile?: string): Log {
  const logger = pino({ level, redact: { paths: ['*.password', 'password'], censor: '***' } }, pino.destination({ ...(toFile ? { dest: toFile, mkdir: true } : { fd: 2 }), sync: false }))
  const wrap = (inner: typeof logger): Log => ({
    info: (facts, message) => inner.info(redactDeep(facts) as object, redactUrls(message)),
    warn: (facts, message) => inner.warn(redactDeep(facts) as object, redactUrls(message)),
    error: (facts, message) => inner.error(redactDeep(facts) as object, redactUrls(message)),
    child: (facts) => wrap(inner.child(redactDeep(facts) as Record<string, unknown>)),
  })
  return wrap(logger)
}

export const silentLog: Log = { info() {}, warn() {}, error() {}, child: () => silentLog }
