import { startWorker } from '../../server/system/worker.js'

test('a module of ours runs in a thread from TypeScript source', async () => {
  const worker = startWorker(new URL('./x-worker', import.meta.url), null)
  const answer = await new Promise((resolve, reject) => { worker.on('message', resolve); worker.on('error', reject) })
  expect(answer).toBe(42)
  await worker.terminate()
})
