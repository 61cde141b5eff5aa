import type { ModelId } from '../domain/ids.js'
import type { BroughtModel, Evaluation, ModelTrouble } from '../domain/model.js'

/** Models that people brought. Our own detector is not among them. */
export interface ModelStore {
  /** In the order in which they came. */
  list(): Promise<readonly BroughtModel[]>
  get(id: ModelId): Promise<BroughtModel | null>
  bySha256(sha256: string): Promise<BroughtModel | null>
  add(model: BroughtModel): Promise<void>
  /** Null: it works again. */
  noteBroken(id: ModelId, broken: ModelTrouble | null): Promise<void>
  /** With what it saw. False when it was gone already. */
  remove(id: ModelId): Promise<boolean>
  addEvaluation(evaluation: Evaluation): Promise<void>
  /** Of all models, newest first. */
  evaluations(limit: number): Promise<readonly Evaluation[]>
}
