import type { Selectable } from 'kysely'
import { asId, type ModelId, type PersonId } from '../domain/ids.js'
import type { BroughtModel, Evaluation } from '../domain/model.js'
import type { ModelStore } from './model-store.js'
import type { Connection, Tables } from './tables.js'

/** Models that people brought, and what models saw in clips. */
export function makeModels({ db, together }: Connection): ModelStore {
  const one = async (column: 'id' | 'sha256', value: string): Promise<BroughtModel | null> => {
    const row = await db().selectFrom('models').selectAll().where(column, '=', value).executeTakeFirst()
    return row ? modelOf(row) : null
  }
  return {
    async list() {
      return (await db().selectFrom('models').selectAll().orderBy('addedAtMs').orderBy('id').execute()).map(modelOf)
    },
    get: (id) => one('id', id),
    bySha256: (sha256) => one('sha256', sha256),
    async add({ classes, input, thresholds, broken, ...plain }) {
      await db().insertInto('models').values({ ...plain, classes: JSON.stringify(classes), inputWidth: input.width, inputHeight: input.height, thresholds: JSON.stringify(thresholds), broken: broken && JSON.stringify(broken) }).execute()
    },
    async noteBroken(id, broken) {
      await db().updateTable('models').set({ broken: broken && JSON.stringify(broken) }).where('id', '=', id).execute()
    },
    remove: (id) =>
      together(async (tx) => {
        await tx.deleteFrom('modelEvaluations').where('modelId', '=', id).execute()
        return (await tx.deleteFrom('models').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n
      }),
    async addEvaluation({ by, objects, ...plain }) {
      await db().insertInto('modelEvaluations').values({ ...plain, objects: JSON.stringify(objects), byId: by }).execute()
    },
    async evaluations(limit) {
      return (await db().selectFrom('modelEvaluations').selectAll().orderBy('atMs', 'desc').orderBy('id').limit(limit).execute()).map(evaluationOf)
    },
  }
}

function modelOf(row: Selectable<Tables['models']>): BroughtModel {
  const { id, classes, inputWidth, inputHeight, thresholds, format, runsOn, addedBy, broken, ...plain } = row
  return {
    ...plain,
    id: asId<ModelId>(id),
    format: format as BroughtModel['format'],
    classes: JSON.parse(classes) as BroughtModel['classes'],
    input: { width: inputWidth, height: inputHeight },
    thresholds: JSON.parse(thresholds) as BroughtModel['thresholds'],
    runsOn: runsOn as BroughtModel['runsOn'],
    addedBy: asId<PersonId>(addedBy),
    broken: broken === null ? null : (JSON.parse(broken) as BroughtModel['broken']),
  }
}

function evaluationOf({ id, modelId, clip, frames, frameMs, objects, byId, atMs }: Selectable<Tables['modelEvaluations']>): Evaluation {
  return { id, modelId: asId<ModelId>(modelId), clip, frames, frameMs, objects: JSON.parse(objects) as Evaluation['objects'], by: asId<PersonId>(byId), atMs }
}
