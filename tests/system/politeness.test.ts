import { readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { startChild } from '../../server/system/child.js'
import { makePolite } from '../../server/system/politeness.js'
import { residentBytes } from '../../server/system/resident.js'

const onLinux = process.platform === 'linux' ? test : test.skip

onLinux('a polite child waits for others and is the first to go when memory runs out; what it holds can be asked', async () => {
  const child = startChild('cat', [], { runId: 'test:polite' })
  makePolite(child.pid)
  expect([getPriority(child.pid), readFileSync(`/proc/${child.pid}/oom_score_adj`, 'utf8').trim()]).toEqual([10, '1000'])
  expect(residentBytes(child.pid!)).toBeGreaterThan(0)
  child.stdin.end()
  await new Promise((closed) => child.on('close', closed))
  expect(residentBytes(child.pid!)).toBeNull()
  makePolite(child.pid)
  makePolite(undefined)
})
