/**
 * Does all set-up on a bare Debian 12 with Node 20, then runs what was asked. Plain JavaScript without packages, because it
 * runs before any package is there. Every long step says what it does; a step that is done already costs milliseconds.
 *
 *   node config/tooling/setup.mjs run [--quiet] -- dist/server/main.js ARGS   build if needed, then run
 *   node config/tooling/setup.mjs test -- JEST-ARGS                            all tests
 *   node config/tooling/setup.mjs check                                        types, lint, all tests
 *   node config/tooling/setup.mjs build
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
process.chdir(root)

/** To compile better-sqlite3 (no prebuilt binary is fetched) and to read, show and cut video. */
const TO_RUN = [
  { name: 'ffmpeg', file: '/usr/bin/ffmpeg' },
  { name: 'python3', file: '/usr/bin/python3' },
  { name: 'make', file: '/usr/bin/make' },
  { name: 'g++', file: '/usr/bin/g++' },
]
/** To test against real parts: a browser, an independent RTSP server, PostgreSQL, network namespaces. */
const TO_TEST = [
  { name: 'chromium', file: '/usr/bin/chromium' },
  { name: 'python3-gi', file: '/usr/lib/python3/dist-packages/gi/__init__.py' },
  { name: 'gir1.2-gst-rtsp-server-1.0', file: '/usr/lib/x86_64-linux-gnu/girepository-1.0/GstRtspServer-1.0.typelib', anyArch: 'girepository-1.0/GstRtspServer-1.0.typelib' },
  { name: 'gstreamer1.0-plugins-base', anyArch: 'gstreamer-1.0/libgstapp.so' },
  { name: 'gstreamer1.0-plugins-good', anyArch: 'gstreamer-1.0/libgstrtp.so' },
  { name: 'gstreamer1.0-plugins-bad', anyArch: 'gstreamer-1.0/libgstvideoparsersbad.so' },
  { name: 'gstreamer1.0-plugins-ugly', anyArch: 'gstreamer-1.0/libgstx264.so' },
  { name: 'gstreamer1.0-libav', anyArch: 'gstreamer-1.0/libgstlibav.so' },
  { name: 'gstreamer1.0-tools', file: '/usr/bin/gst-launch-1.0' },
  { name: 'postgresql', file: '/usr/lib/postgresql' },
  { name: 'iproute2', file: '/sbin/ip' },
  { name: 'iptables', file: '/usr/sbin/iptables' },
]

const [task, ...rest] = process.argv.slice(2)
const split = rest.indexOf('--')
const flags = split < 0 ? rest : rest.slice(0, split)
const args = split < 0 ? [] : rest.slice(split + 1)
const quiet = flags.includes('--quiet')

function say(text) {
  if (!quiet) process.stderr.write(`${text}\n`)
}

function must(command, commandArgs, title) {
  const from = performance.now()
  say(`· ${title} …`)
  const done = spawnSync(command, commandArgs, { stdio: quiet ? ['ignore', 'ignore', 'inherit'] : ['ignore', 2, 2] })
  if (done.status !== 0) {
    process.stderr.write(`✗ ${title}: ${command} ${commandArgs.join(' ')} ended with ${done.error?.message ?? done.status ?? done.signal}\n`)
    process.exit(1)
  }
  say(`  ${title}: ${((performance.now() - from) / 1000).toFixed(1)} s`)
}

function isThere({ file, anyArch }) {
  if (file && existsSync(file)) return true
  return anyArch !== undefined && existsSync('/usr/lib') && readdirSync('/usr/lib').some((arch) => arch.endsWith('-linux-gnu') && existsSync(join('/usr/lib', arch, anyArch)))
}

/** Installs what is missing when it may; otherwise prints the one command that would, and goes on. */
function ensureDebian(wanted) {
  const missing = wanted.filter((one) => !isThere(one)).map((one) => one.name)
  if (missing.length === 0) return
  const command = `apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    process.stderr.write(`! missing: ${missing.join(', ')}. To install: ${process.getuid?.() === 0 ? '' : 'sudo sh -c '}"${command}". Going on without.\n`)
    return
  }
  say(`· Debian packages: ${missing.join(' ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 2, 2], env })
  const done = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { stdio: ['ignore', quiet ? 'ignore' : 2, 2], env })
  if (done.status !== 0) process.stderr.write(`! could not install ${missing.join(', ')}. Going on without; later try: ${command}\n`)
}

function digest(...parts) {
  return createHash('sha256').update(parts.join('\0')).digest('hex')
}

function stampIs(file, value) {
  return existsSync(file) && readFileSync(file, 'utf8') === value
}

function ensurePackages() {
  const stamp = 'node_modules/.vonglau-stamp'
  const wanted = digest(readFileSync('package-lock.json', 'utf8'), process.version)
  if (stampIs(stamp, wanted)) return
  must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'npm packages (compiles SQLite: one to three minutes)')
  writeFileSync(stamp, wanted)
}

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sources(path)
    else if (/\.(tsx?|css|html|json|mjs|svg|woff2)$/.test(entry.name)) yield path
  }
}

function stateOf(folders) {
  const lines = folders.flatMap((folder) => [...sources(folder)]).sort().map((path) => {
    const { size, mtimeMs } = statSync(path)
    return `${path} ${size} ${mtimeMs}`
  })
  return digest(readFileSync('package-lock.json', 'utf8'), ...lines)
}

function ensureBuilt() {
  mkdirSync('dist', { recursive: true })
  const server = stateOf(['server', 'analytics', 'models', 'config', 'tests/bench', 'tests/faults', 'tests/support'])
  if (!stampIs('dist/.server-stamp', server)) {
    must('node_modules/.bin/tsc', ['-p', 'config/tooling/tsconfig.build.json'], 'server build')
    writeFileSync('dist/.server-stamp', server)
  }
  const player = stateOf(['player', 'server/contract'])
  if (!stampIs('dist/.player-stamp', player)) {
    must('node_modules/.bin/vite', ['build', '-c', 'config/tooling/vite.config.ts', '--logLevel', 'warn'], 'player build')
    writeFileSync('dist/.player-stamp', player)
  }
}

/** Hands over to the program: its exit code is ours, and a signal to us reaches it. */
function handOver(command, commandArgs) {
  const child = spawn(command, commandArgs, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)))
}

function runTests(jestArgs) {
  handOver(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js', '-c', 'config/tooling/jest.config.mjs', ...jestArgs])
}

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 20)) {
  process.stderr.write(`✗ Node 20.20 or newer is needed; this is ${process.version}.\n`)
  process.exit(1)
}

/** Benches and faults measure against the same real parts that tests use. */
const needsRealParts = task === 'test' || task === 'check' || args.some((arg) => arg.startsWith('dist/tests/'))
ensureDebian(needsRealParts ? [...TO_RUN, ...TO_TEST] : TO_RUN)
ensurePackages()
switch (task) {
  case 'run':
    ensureBuilt()
    handOver(process.execPath, args)
    break
  case 'build':
    ensureBuilt()
    break
  case 'test':
    ensureBuilt()
    runTests(args)
    break
  case 'check':
    must('node_modules/.bin/tsc', ['-p', 'tsconfig.json'], 'types of the server')
    must('node_modules/.bin/tsc', ['-p', 'player/tsconfig.json'], 'types of the player')
    must('node_modules/.bin/oxlint', ['--type-aware', '-c', 'config/tooling/oxlintrc.json', '--deny-warnings', 'server', 'analytics', 'models', 'player', 'config', 'tests'], 'lint')
    ensureBuilt()
    runTests(args)
    break
  default:
    process.stderr.write('✗ say what to do: run, build, test or check\n')
    process.exit(2)
}
