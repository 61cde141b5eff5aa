/** The rows of migration 0023: what was read of the vehicle that an incident speaks of. */
export interface PlateTables {
  plates: {
    incidentId: string
    kind: string
    looks: number
    agree: number | null
    text: string | null
    shown: string | null
    shares: string | null
    wellFormed: number | null
    province: string | null
    series: string | null
    number: string | null
    rows: number | null
    colour: string | null
    atMs: number | null
    rawFile: string | null
    rawSha256: string | null
    enhancedFile: string | null
    enhancedSha256: string | null
    readAtMs: number
  }
}
