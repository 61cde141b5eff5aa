import { AlertTrialForm, CameraTrialForm, ModelForm, TrialForm, UploadForm, type UploadView } from '../../contract/models.js'
import { asId, type AlertId, type CameraId, type ModelId, type TrialId, type UploadId } from '../../domain/ids.js'
import { KIND_FACTS } from '../../domain/rule-kinds.js'
import type { Evidence } from '../../evidence/evidence.js'
import type { Added, Begun, Models } from '../../models/open-models.js'
import { PIECE_BYTES_MAX, UPLOAD_BYTES_MAX, type Upload } from '../../models/uploads.js'
import type { Store } from '../../storage/store.js'
import { trialView, type ModelViews } from '../model-views.js'
import { badForm, conflict, fileTooLarge, modelRefused, noMediaTools, notFound, noClipOfAlert, nothingRecorded, nothingWatches, tooManyTrials, tooManyUploads, uploadNotWhole } from '../problems.js'
import { json, refuse, route, type Answer, type Asked, type Route } from '../route.js'

export interface ModelParts {
  readonly store: Store
  readonly models: Models
  readonly evidence: Evidence
  readonly views: ModelViews
}

const needs = 'model.manage'

/** Models that people bring, try and use. */
export function modelRoutes(parts: ModelParts): readonly Route[] {
  return [...listRoutes(parts), ...uploadRoutes(parts), ...trialRoutes(parts)]
}

function listRoutes({ models, views }: ModelParts): readonly Route[] {
  const tell = async (added: Added): Promise<Answer> => {
    switch (added.is) {
      case 'added':
        return json(await views.one(added.model.id), 201)
      case 'not_whole':
        return refuse(uploadNotWhole)
      case 'known':
        return refuse(conflict('model_known', 'Tệp này đã có trong danh sách', 'This file is in the list already', [{ field: 'sha256', reason: `is that of “${added.name}”` }]))
      case 'refused':
        return refuse(modelRefused(added.trouble))
    }
  }
  const modelOf = ({ params }: Asked): ModelId => asId<ModelId>(params['modelId']!)
  return [
    route({ method: 'get', path: '/api/models', needs, scope: 'none', act: async () => json(await views.all()) }),
    route<ModelForm>({
      method: 'post',
      path: '/api/models',
      needs,
      scope: 'none',
      form: ModelForm,
      async act({ asker, body }) {
        return tell(await models.add({ ...body, uploadId: asId<UploadId>(body.uploadId), by: asker!.person.id }))
      },
    }),
    route({
      method: 'post',
      path: '/api/model-offers/:name',
      needs,
      scope: 'none',
      async act({ asker, params }) {
        const added = await models.takeOffer(params['name']!, asker!.person.id)
        return added ? tell(added) : refuse(notFound)
      },
    }),
    route({
      method: 'delete',
      path: '/api/models/:modelId',
      needs,
      scope: 'none',
      async act(asked) {
        switch (await models.remove(modelOf(asked), asked.asker!.person.id)) {
          case 'removed':
            return json({ ok: true })
          case 'unknown':
            return refuse(notFound)
          case 'built_in':
            return refuse(conflict('model_built_in', 'Không gỡ được mô hình mặc định', 'The built-in model cannot be removed'))
          case 'in_use':
            return refuse(conflict('model_in_use', 'Mô hình đang được dùng', 'The model is in use'))
        }
      },
    }),
    route({
      method: 'post',
      path: '/api/models/:modelId/use',
      needs,
      scope: 'none',
      async act(asked) {
        const used = await models.use(modelOf(asked), asked.asker!.person.id)
        switch (used.is) {
          case 'used':
            return json(await views.all())
          case 'unknown':
            return refuse(notFound)
          case 'nothing_watches':
            return refuse(nothingWatches)
          case 'refused':
            return refuse(modelRefused(used.trouble))
        }
      },
    }),
  ]
}

function uploadRoutes({ models: { uploads } }: ModelParts): readonly Route[] {
  const view = ({ id, received, bytes }: Upload): UploadView => ({ id, received, bytes, pieceBytes: PIECE_BYTES_MAX })
  const uploadOf = ({ params }: Pick<Asked, 'params'>): UploadId => asId<UploadId>(params['uploadId']!)
  return [
    route<UploadForm>({
      method: 'post',
      path: '/api/uploads',
      needs,
      scope: 'none',
      form: UploadForm,
      async act({ asker, body }) {
        const begun = await uploads.begin({ ...body, by: asker!.person.id })
        if (begun === 'too_large') return refuse(fileTooLarge(UPLOAD_BYTES_MAX[body.kind]))
        return begun === 'too_many' ? refuse(tooManyUploads) : json(view(begun), 201)
      },
    }),
    route<Uint8Array>({
      method: 'put',
      path: '/api/uploads/:uploadId/:at',
      needs,
      scope: 'none',
      bytesMax: PIECE_BYTES_MAX,
      async act(asked) {
        const at = Number(asked.params['at'])
        if (!Number.isSafeInteger(at) || at < 0) return refuse(badForm([{ field: 'at', reason: 'must be a whole number of bytes' }]))
        const taken = await uploads.put(uploadOf(asked), asked.asker!.person.id, at, asked.body)
        if (taken.ok) return json({ received: taken.received })
        if (taken.why === 'unknown') return refuse(notFound)
        return refuse(conflict(taken.why === 'elsewhere' ? 'upload_elsewhere' : 'upload_too_much', 'Mảnh tệp không nối tiếp phần đã nhận', 'The piece does not follow what has come', [{ field: 'received', reason: String(taken.received) }]))
      },
    }),
    route({ method: 'delete', path: '/api/uploads/:uploadId', needs, scope: 'none', act: async (asked) => ((await uploads.drop(uploadOf(asked), asked.asker!.person.id)) ? json({ ok: true }) : refuse(notFound)) }),
  ]
}

function trialRoutes({ store, models, evidence }: ModelParts): readonly Route[] {
  const answer = (begun: Begun, missing: typeof uploadNotWhole): Answer => {
    switch (begun.is) {
      case 'begun':
        return json(trialView(begun.trial), 202)
      case 'no_clip':
        return refuse(missing)
      case 'no_tools':
        return refuse(noMediaTools)
      case 'unknown_model':
        return refuse(badForm([{ field: 'modelIds', reason: 'names a model that is not in the list' }]))
      case 'too_many':
        return refuse(tooManyTrials)
    }
  }
  const ids = (texts: readonly string[]): readonly ModelId[] => texts.map((text) => asId<ModelId>(text))
  const trialOf = ({ params, asker }: Pick<Asked, 'params' | 'asker'>) => models.trials.get(asId<TrialId>(params['trialId']!), asker!.person.id)
  return [
    route<TrialForm>({ method: 'post', path: '/api/model-trials', needs, scope: 'none', form: TrialForm, act: async ({ asker, body }) => answer(await models.tryOnUpload({ uploadId: asId<UploadId>(body.uploadId), modelIds: ids(body.modelIds), by: asker!.person.id }), uploadNotWhole) }),
    route<CameraTrialForm>({
      method: 'post',
      path: '/api/cameras/:cameraId/model-trials',
      needs,
      scope: { kind: 'camera', param: 'cameraId' },
      form: CameraTrialForm,
      async act({ asker, params, body }) {
        const cameraId = asId<CameraId>(params['cameraId']!)
        const clip = (await store.cameras.get(cameraId))?.name ?? cameraId
        return answer(await models.tryOnCamera({ cameraId, clip, seconds: body.seconds, modelIds: ids(body.modelIds), by: asker!.person.id }), nothingRecorded)
      },
    }),
    route<AlertTrialForm>({
      method: 'post',
      path: '/api/alerts/:alertId/model-trials',
      needs,
      scope: { kind: 'alert', param: 'alertId' },
      form: AlertTrialForm,
      async act({ asker, params, body }) {
        const alertId = asId<AlertId>(params['alertId']!)
        const [alert, items] = await Promise.all([store.alerts.get(alertId), store.evidence.of(alertId)])
        const item = items.find(({ kind }) => kind === 'clip')
        const opened = item && (await evidence.open(item.id))
        if (!alert || !opened) return refuse(noClipOfAlert)
        const camera = await store.cameras.get(alert.cameraId)
        const clip = `${KIND_FACTS[alert.kind].title[asker!.person.language]} – ${camera?.name ?? alert.cameraId}`
        return answer(await models.tryOnFile({ file: opened.file, cameraId: alert.cameraId, clip, modelIds: ids(body.modelIds), by: asker!.person.id }), noClipOfAlert)
      },
    }),
    route({
      method: 'get',
      path: '/api/model-trials/:trialId',
      needs,
      scope: 'none',
      async act(asked) {
        const trial = trialOf(asked)
        return trial ? json(trialView(trial)) : refuse(notFound)
      },
    }),
    route({
      method: 'get',
      path: '/api/model-trials/:trialId/clip',
      needs,
      scope: 'none',
      async act(asked) {
        const trial = trialOf(asked)
        if (trial?.state.is !== 'done') return refuse(notFound)
        return { kind: 'file', path: models.trials.clipPath(trial), headers: { 'content-type': 'video/mp4', 'cache-control': 'private, no-store' } }
      },
    }),
    route({ method: 'delete', path: '/api/model-trials/:trialId', needs, scope: 'none', act: async ({ params, asker }) => ((await models.trials.remove(asId<TrialId>(params['trialId']!), asker!.person.id)) ? json({ ok: true }) : refuse(notFound)) }),
  ]
}
