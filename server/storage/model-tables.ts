/** The rows of migration 0010: models that people brought, and what models saw. */
export interface ModelTables {
  models: {
    id: string
    name: string
    sha256: string
    bytes: number
    licence: string
    attribution: string
    format: string
    classes: string
    inputWidth: number
    inputHeight: number
    thresholds: string
    frameMs: number
    runsOn: string
    addedBy: string
    addedAtMs: number
    broken: string | null
  }
  modelEvaluations: { id: string; modelId: string; clip: string; frames: number; frameMs: number; objects: string; byId: string; atMs: number }
}
