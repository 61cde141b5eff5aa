import type { Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'
import { firstLight } from './0001-first-light.js'
import { outbox } from './0002-outbox.js'
import { recording } from './0003-recording.js'
import { walls } from './0004-walls.js'
import { pushKeys } from './0005-push-keys.js'
import { bookmarksAndExports } from './0006-bookmarks-and-exports.js'
import { cameraSound } from './0007-camera-sound.js'
import { meetings } from './0008-meetings.js'
import { keyPictures } from './0009-key-pictures.js'
import { models } from './0010-models.js'
import { plates } from './0011-plates.js'
import { redactedExports } from './0012-redacted-exports.js'
import { redactedCopies } from './0013-redacted-copies.js'
import { ruleKinds } from './0014-rule-kinds.js'
import { ruleVersions } from './0015-rule-versions.js'
import { backtests } from './0016-backtests.js'
import { trustedSignals } from './0017-trusted-signals.js'
import { privacyMasks } from './0018-privacy-masks.js'
import { hourFaults } from './0019-hour-faults.js'
import { evidenceOfIncidents } from './0020-evidence-of-incidents.js'
import { approvedAlone } from './0021-approved-alone.js'
import { masksOfViews } from './0022-masks-of-views.js'
import { platesOfIncidents } from './0023-plates-of-incidents.js'

export interface Step {
  /** Sorted by name; once shipped, neither name nor body changes (a golden test holds the SQL). */
  readonly name: string
  up(db: Kysely<unknown>, words: DialectWords): Promise<void>
}

/** A list written by hand instead of a folder that is read: it works the same compiled, in a worker and from source. */
export const STEPS: readonly Step[] = [
  { name: '0001-first-light', up: firstLight },
  { name: '0002-outbox', up: outbox },
  { name: '0003-recording', up: recording },
  { name: '0004-walls', up: walls },
  { name: '0005-push-keys', up: pushKeys },
  { name: '0006-bookmarks-and-exports', up: bookmarksAndExports },
  { name: '0007-camera-sound', up: cameraSound },
  { name: '0008-meetings', up: meetings },
  { name: '0009-key-pictures', up: keyPictures },
  { name: '0010-models', up: models },
  { name: '0011-plates', up: plates },
  { name: '0012-redacted-exports', up: redactedExports },
  { name: '0013-redacted-copies', up: redactedCopies },
  { name: '0014-rule-kinds', up: ruleKinds },
  { name: '0015-rule-versions', up: ruleVersions },
  { name: '0016-backtests', up: backtests },
  { name: '0017-trusted-signals', up: trustedSignals },
  { name: '0018-privacy-masks', up: privacyMasks },
  { name: '0019-hour-faults', up: hourFaults },
  { name: '0020-evidence-of-incidents', up: evidenceOfIncidents },
  { name: '0021-approved-alone', up: approvedAlone },
  { name: '0022-masks-of-views', up: masksOfViews },
  { name: '0023-plates-of-incidents', up: platesOfIncidents },
]
