/**
 * A run of jest keeps what it writes on the side in one folder, gone when the run ends: passed, failed or interrupted. A test
 * that throws before it tidies up, or a killed child, leaves nothing on the machine.
 *
 *   /tmp/vonglau-tests-AbCdEf/vonglau-media-GhIjKl     a test's own
 *   /tmp/vonglau-tests-AbCdEf/vonglau-test-clips  ->   /tmp/vonglau-test-clips
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Dear to make and the same in every run: films from ffmpeg, and what tsx made of our sources for the children that it starts. */
const KEPT = ['vonglau-test-clips', `tsx-${process.getuid?.() ?? ''}`]
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }

/** jest calls this before it starts its workers, which inherit TMPDIR. Its own cache already has its place by then. */
export default function giveOwnTempFolder() {
  const outer = tmpdir()
  // Short, because sockets lie in it: a path of theirs holds 107 characters.
  const folder = mkdtempSync(join(outer, 'vonglau-tests-'))
  // PostgreSQL, which refuses to be root, has to reach its own folder in here.
  chmodSync(folder, 0o711)
  for (const name of KEPT) {
    mkdirSync(join(outer, name), { recursive: true })
    symlinkSync(join(outer, name), join(folder, name))
  }
  process.env.TMPDIR = folder
  // No globalTeardown: jest does not come to it when it is interrupted.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  for (const [signal, code] of Object.entries(SIGNALS)) process.once(signal, () => process.exit(code))
}
