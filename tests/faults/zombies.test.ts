import { Worker } from 'node:worker_threads'
import { pause, systemClock } from '../../server/system/clock.js'
import { zombiesNow, zombiesSince } from './processes.js'

/** A thread that ends before its child leaves nobody to wait for that child. */
async function leaveZombie(): Promise<void> {
  const worker = new Worker("require('node:child_process').spawn('sleep', ['0.3'], { stdio: 'ignore' }); process.exit()", { eval: true })
  await new Promise((resolve) => worker.once('exit', resolve))
}

test('a zombie of this run counts, one that was there before does not', async () => {
  const first = zombiesNow().length
  await leaveZombie()
  while (zombiesNow().length === first) await pause(systemClock, 20)
  const before = zombiesNow()
  expect(await zombiesSince(before)).toBe(0)
  await leaveZombie()
  while (zombiesNow().length === before.length) await pause(systemClock, 20)
  expect(await zombiesSince(before)).toBe(1)
}, 30_000)
