import { z } from 'zod'

/**
 * Every setting, with its unit, its default and the reason for it. Cameras, zones, rules and people are rows, not settings.
 * Read once in main.ts and handed down as plain values; unknown names are refused.
 */
const Cidr = z.string().regex(/^[0-9a-fA-F:.]+\/\d{1,3}$/, 'a network such as 10.20.0.0/16')

/** Half a pair reads nothing. */
const PlateFile = z.string('a file: finder and reader are given together, or plateModels is left out and our own pair reads').min(1)

export const Settings = z.strictObject({
  /** Name of the operation centre, shown at the door and in the corner. */
  siteName: z.string().trim().min(1).max(120).default('Trung tâm điều hành'),
  /** IANA name; hours of rules, shifts and every time on screen. */
  timeZone: z.string().default('Asia/Ho_Chi_Minh').refine(isTimeZone, 'an IANA time zone such as Asia/Ho_Chi_Minh'),
  /** Where the database, the keys and the evidence live. The default keeps a trial inside the checkout. */
  dataFolder: z.string().min(1).default('.vonglau/data'),
  http: z
    .strictObject({
      /** Loopback unless said otherwise: a camera server must not be open by accident. Behind a TLS proxy, leave it. */
      host: z.string().default('127.0.0.1'),
      /** 0 takes any free port. */
      port: z.number().int().min(0).max(65535).default(8080),
      /** The address people type, when a proxy stands before us; `https:` makes cookies Secure. */
      publicUrl: z.url({ protocol: /^https?$/ }).optional(),
    })
    .prefault({}),
  storage: z
    .strictObject({
      /** `sqlite:FILE` (relative to dataFolder) or `postgres://…`. SQLite serves one node; PostgreSQL several. */
      url: z
        .string()
        .regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/, 'sqlite:FILE or postgres://USER@HOST/DATABASE')
        .default('sqlite:vonglau.db'),
    })
    .prefault({}),
  cameras: z
    .strictObject({
      /** Only addresses inside these networks are ever connected to; what a camera names is checked too. */
      networks: z.array(Cidr).max(64).default(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']),
      /** Whether discovery may send multicast on this machine's interfaces. */
      multicast: z.boolean().default(true),
    })
    .prefault({}),
  rtmp: z
    .strictObject({
      /** Whether encoders that can only push may come in. Off: a port that strangers can reach is opened knowingly. */
      enabled: z.boolean().default(false),
      /** Loopback unless said otherwise, as http.host; for encoders in the camera network, this machine's address there. */
      host: z.string().default('127.0.0.1'),
      /** 1935 is what every encoder expects. Opened only while at least one camera pushes. */
      port: z.number().int().min(0).max(65535).default(1935),
      /** Name or address that encoders are told to dial, where it is not `host`. */
      publicHost: z
        .string()
        .regex(/^[0-9A-Za-z.:-]{1,253}$/, 'a name or an address, without rtmp://')
        .optional(),
    })
    .prefault({}),
  eyes: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** Frames per second that are judged: at 5 a motorbike at 40 km/h moves 2 m between frames (CPU grows in proportion). */
      fps: z.number().min(1).max(15).default(5),
      /** Whether the plate of a vehicle that an alert speaks of is read. Some seconds of one core for each such alert, and nothing otherwise; off where a city may not. */
      plates: z.boolean().default(true),
      /**
       * A pair that reads plates in place of ours: an ONNX file each, relative to dataFolder, both of our own form or both YOLOv5 or
       * YOLOv8 detectors (models/README.md). `letters`: a JSON list of the letters of the reader's classes, where its file does not
       * note them. A pair that cannot be used is said on every screen, and then no plate is read: ours never stands in unseen.
       */
      plateModels: z.strictObject({ finder: PlateFile, reader: PlateFile, letters: PlateFile.optional() }).optional(),
    })
    .prefault({}),
  recording: z
    .strictObject({
      /** Every enabled camera is recorded from the first minute, unless its own policy says otherwise. */
      enabled: z.boolean().default(true),
      /** Best a disk of its own; relative to dataFolder. */
      folder: z.string().min(1).default('recordings'),
      /** GB the recordings may take; left out: what the disk has, less the reserve. */
      quotaGb: z.number().min(0.05).max(1_000_000).optional(),
      /** MB kept free for the database and the evidence, which must go on when the disk is full (reliability T12: at least 64). */
      reserveMb: z.number().int().min(16).max(1_000_000).default(512),
      /** Days that a camera keeps until its own policy says otherwise; eventDays around alerts. */
      days: z.number().int().min(1).max(3650).default(30),
      eventDays: z.number().int().min(1).max(3650).default(90),
      /** Days around alerts that a person confirmed: a violation may be handled for a year. */
      legalDays: z.number().int().min(1).max(3650).default(365),
    })
    .prefault({}),
  rules: z
    .strictObject({
      /**
       * `needed`: what one administrator proposes another approves. `off`: for a city with a single administrator; whoever proposes may
       * approve, the change of this setting and each such approval stand in the log, and the rule is shown as approved by one person.
       */
      secondPerson: z.enum(['needed', 'off']).default('needed'),
    })
    .prefault({}),
  open311: z
    .strictObject({
      /** SHA-256 (hex) of keys that may post reports; empty: nobody may. */
      apiKeyHashes: z.array(z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256 in hex')).max(100).default([]),
      /** The standard lets anyone read reports. They are people's own words about people, so a city opens this knowingly. */
      publicReading: z.boolean().default(false),
      /** Other Open311 servers a report can be sent on to; the answer comes back by itself. */
      destinations: z
        .array(z.strictObject({ name: z.string().regex(/^[a-z0-9-]{1,64}$/, 'letters, digits and -'), url: z.url({ protocol: /^https?$/ }), apiKey: z.string().max(256), format: z.enum(['json', 'xml']).default('json'), jurisdictionId: z.string().max(256).optional() }))
        .max(20)
        .default([]),
    })
    .prefault({}),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info') }).prefault({}),
})
export type Settings = z.infer<typeof Settings>

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
