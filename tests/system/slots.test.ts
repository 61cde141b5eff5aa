import { makeSlots } from '../../server/system/slots.js'

const full = (): Error => new Error('too many')

test('two pieces of work run at a time, in order, and one beyond the queue is refused with the reason', async () => {
  const slots = makeSlots({ atOnceMax: 2, waitingMax: 2, full })
  const started: number[] = []
  const release = new Map<number, () => void>()
  const work = (n: number): Promise<void> =>
    slots.run(() => {
      started.push(n)
      return new Promise((resolve) => release.set(n, resolve))
    })
  const all = [1, 2, 3, 4].map(work)
  await expect(work(5)).rejects.toThrow('too many')
  expect(started).toEqual([1, 2])
  for (const n of [1, 2, 3, 4]) {
    release.get(n)?.()
    await all[n - 1]
    expect(started).toEqual([1, 2, 3, 4].slice(0, n + 2))
  }
  expect(slots.busy).toBe(0)
})

test('a piece of work that fails gives its slot back', async () => {
  const slots = makeSlots({ atOnceMax: 1, waitingMax: 1, full })
  const failed = slots.run(() => Promise.reject(new Error('no')))
  const next = slots.run(() => Promise.resolve('done'))
  await expect(failed).rejects.toThrow('no')
  expect(await next).toBe('done')
})
