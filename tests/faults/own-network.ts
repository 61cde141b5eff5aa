import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runToEnd } from '../../server/system/child.js'
import { runnable } from '../../server/system/runnable.js'
import type { SceneFound, SceneWish } from './network-scene.js'

/**
 * Faults of the network happen only in here: a namespace of its own for us, a second one behind a virtual cable for the
 * camera. Rules and queues are set in the camera's; both vanish with their processes, which a process namespace holds
 * together. Nothing reaches a real interface.
 */
const UNSHARE = ['-n', '-p', '--fork', '--kill-child', '--mount-proc'] as const

/** Null where scenes can be played, else what is missing, in words. */
export async function networkLacks(tools: readonly string[] = []): Promise<string | null> {
  const missing = ['/usr/bin/unshare', '/usr/bin/nsenter', ...tools].find((path) => !existsSync(path))
  if (missing) return `${missing} is not installed`
  const tried = await runToEnd('unshare', [...UNSHARE, 'ip', 'link', 'add', 'cable0', 'type', 'veth', 'peer', 'name', 'cable1'], { timeoutMs: 10_000 }).catch((fault: Error) => ({ code: 1, stderr: fault.message }))
  return tried.code === 0 ? null : `network namespaces cannot be made (needs root): ${tried.stderr.trim().split('\n')[0]}`
}

export const IPTABLES = '/usr/sbin/iptables'
export const TC = '/usr/sbin/tc'

/** Plays one scene and gives back what was found. */
export async function playScene(wish: SceneWish, timeoutMs: number): Promise<SceneFound> {
  const { path, source } = runnable(new URL('./network-scene', import.meta.url))
  const wiring = `set -e
    ip link set lo up
    unshare -n sleep 3600 & CAMERA=$!
    while [ "$(readlink /proc/$CAMERA/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.02; done
    ip link add cable0 type veth peer name cable1 netns $CAMERA
    ip addr add 10.79.0.1/24 dev cable0; ip link set cable0 up
    nsenter -t $CAMERA -n ip addr add 10.79.0.2/24 dev cable1
    nsenter -t $CAMERA -n ip link set cable1 up
    nsenter -t $CAMERA -n ip link set lo up
    "$@" $CAMERA`
  const node = [process.execPath, ...(source ? ['--import', fileURLToPath(import.meta.resolve('tsx'))] : []), path, JSON.stringify(wish)]
  const { code, stdout, stderr, timedOut } = await runToEnd('unshare', [...UNSHARE, 'sh', '-c', wiring, 'scene', ...node], { timeoutMs })
  if (code !== 0) throw new Error(`the scene ${wish.scene} ended with ${timedOut ? 'a time-out' : code}: ${stderr.slice(-1_500)}`)
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as SceneFound
}
