import { spawn, execFileSync, type ChildProcess } from 'node:child_process'
import { makeAddressGuard } from '../../server/devices/address-guard.js'
import { discover } from '../../server/devices/discovery.js'
import { systemClock } from '../../server/system/clock.js'

/**
 * Moves itself into a new network namespace (by starting again under `unshare -n`), joins it with a second one by two pairs of
 * virtual cards, starts a multicast responder on each far side, and discovers. Needs root; sends nothing outside.
 */
const PYTHON_RESPONDER = `
import socket, struct, sys, re
local, epr = sys.argv[1], sys.argv[2]
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('239.255.255.250', 3702))
s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton('239.255.255.250') + socket.inet_aton(local))
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.bind((local, 0))
print('ready', flush=True)
while True:
    data, peer = s.recvfrom(65535)
    if not peer[0].startswith(local.rsplit('.', 1)[0] + '.'):
        continue
    mid = re.search(rb'MessageID>([^<]+)<', data).group(1).decode()
    out.sendto(('<E xmlns:a="a"><Header><RelatesTo>%s</RelatesTo></Header><Body><ProbeMatches><ProbeMatch><EndpointReference><Address>%s</Address></EndpointReference><XAddrs>http://%s/onvif</XAddrs></ProbeMatch></ProbeMatches></Body></E>' % (mid, epr, local)).replace('<E ', '<Envelope ').replace('</E>', '</Envelope>').encode(), peer)
`

const started: ChildProcess[] = []

async function main(): Promise<void> {
  if (!process.env['INSIDE_NAMESPACE']) return startAgainInside()
  const far = spawn('unshare', ['-n', 'sh', '-c', 'ip link set lo up && echo up && exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] })
  started.push(far)
  await firstLine(far)
  for (const side of [1, 2]) {
    execFileSync('ip', ['link', 'add', `near${side}`, 'type', 'veth', 'peer', 'name', `far${side}`])
    execFileSync('ip', ['link', 'set', `far${side}`, 'netns', String(far.pid)])
    execFileSync('ip', ['addr', 'add', `10.77.${side}.1/24`, 'dev', `near${side}`])
    execFileSync('ip', ['link', 'set', `near${side}`, 'up'])
    inFar(far, ['ip', 'addr', 'add', `10.77.${side}.2/24`, 'dev', `far${side}`])
    inFar(far, ['ip', 'link', 'set', `far${side}`, 'up'])
    const responder = spawn('nsenter', ['-t', String(far.pid), '-n', 'python3', '-c', PYTHON_RESPONDER, `10.77.${side}.2`, `urn:uuid:side-${side}`], { stdio: ['ignore', 'pipe', 'inherit'] })
    started.push(responder)
    await firstLine(responder)
  }
  const guard = makeAddressGuard({ networks: ['10.77.0.0/16'] }, systemClock)
  const found = await discover({ targets: [], multicast: true, guard, clock: systemClock, listenMs: 3_000 })
  process.stdout.write(JSON.stringify(found))
}

function inFar(far: ChildProcess, command: readonly string[]): void {
  execFileSync('nsenter', ['-t', String(far.pid), '-n', ...command])
}

function firstLine(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', () => resolve())
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)))
  })
}

async function startAgainInside(): Promise<void> {
  const inside = spawn('unshare', ['-n', process.execPath, ...process.execArgv, process.argv[1] ?? ''], { env: { ...process.env, INSIDE_NAMESPACE: '1', NODE_CHANNEL_FD: '' }, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  for await (const chunk of inside.stdout) text += String(chunk)
  process.send?.(JSON.parse(text), () => process.exit(0))
}

main()
  .catch((fault: unknown) => {
    console.error(fault)
    process.exitCode = 1
  })
  .finally(() => {
    for (const child of started) child.kill('SIGKILL')
  })
