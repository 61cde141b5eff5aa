import type { Selectable } from 'kysely'
import type { HeldFacts } from '../domain/held.js'
import { asId, type CameraId, type LampFaultId, type RepairId, type RuleId } from '../domain/ids.js'
import type { KnownFault } from '../domain/lamp-trust.js'
import type { LampFaultCode, LampSource } from '../domain/seen.js'
import type { LampFaultStore } from './signal-store.js'
import type { Connection, Tables } from './tables.js'

/** Faults of lamps, for each rule that judges by one. */
export function makeLampFaults({ db }: Connection): LampFaultStore {
  return {
    async standing(of) {
      let query = db().selectFrom('lampFaults').selectAll().where('endedAtMs', 'is', null).orderBy('foundAtMs').orderBy('id')
      if (of) query = query.where('cameraId', '=', of.cameraId)
      if (of?.ruleId !== undefined) query = query.where('ruleId', '=', of.ruleId)
      return (await query.execute()).map(faultOf)
    },
    async add({ lamp, facts, ...rest }) {
      await db().insertInto('lampFaults').values({ ...rest, lamp: JSON.stringify(lamp), facts: JSON.stringify(facts) }).execute()
    },
    async end(id, endedAtMs) {
      await db().updateTable('lampFaults').set({ endedAtMs }).where('id', '=', id).where('endedAtMs', 'is', null).execute()
    },
  }
}

function faultOf({ id, cameraId, ruleId, lamp, code, facts, repairId, ...times }: Selectable<Tables['lampFaults']>): KnownFault {
  return { ...times, id: asId<LampFaultId>(id), cameraId: asId<CameraId>(cameraId), ruleId: asId<RuleId>(ruleId), lamp: JSON.parse(lamp) as LampSource, code: code as LampFaultCode, facts: JSON.parse(facts) as HeldFacts, repairId: asId<RepairId>(repairId) }
}
