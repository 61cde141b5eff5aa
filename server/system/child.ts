import { execFile, fork, spawn, spawnSync, type ChildProcess, type ChildProcessByStdio } from 'node:child_process'
import { closeSync, constants, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync } from 'node:fs'
import { Socket, type OnReadOpts, type SocketConstructorOpts } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { systemClock } from './clock.js'
import { runnable } from './runnable.js'

/**
 * The only door to other programs. Arguments are always an array, never a shell. Each child
 * - dies with us: `setpriv --pdeathsig KILL` (measured: without it, kill -9 of Node leaves ffmpeg running for ever);
 * - carries VONGLAU_RUN in its environment, so that a later start can sweep what a crash left (see `sweepLeftovers`);
 * - gets no credential in its arguments: `/proc/PID/cmdline` is readable by every user.
 */
export type PipedChild = ChildProcessByStdio<Writable, Readable, Readable>

let setprivPath: string | null | undefined

function setpriv(): string | null {
  setprivPath ??= ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path)) ?? null
  return setprivPath
}

/** The same guard for a program that a library starts for us: the command, its arguments and its environment. */
export function guarded(program: string, args: readonly string[], options: { readonly runId: string; readonly nice?: number }): { readonly command: string; readonly args: string[]; readonly env: NodeJS.ProcessEnv } {
  const wrapper = setpriv()
  const polite = options.nice === undefined ? [program, ...args] : ['nice', '-n', String(options.nice), program, ...args]
  const [command = program, ...rest] = wrapper ? [wrapper, '--pdeathsig', 'KILL', '--', ...polite] : polite
  return { command, args: rest, env: { ...process.env, VONGLAU_RUN: options.runId } }
}

export interface ChildOptions {
  readonly runId: string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Starts a program with piped stdin, stdout and stderr. The caller must read both outputs and end or kill the child. */
export function startChild(program: string, args: readonly string[], options: ChildOptions): PipedChild {
  const wrapper = setpriv()
  const [command, argv] = wrapper ? [wrapper, ['--pdeathsig', 'KILL', '--', program, ...args]] : [program, [...args]]
  const child = spawn(command, argv, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env, VONGLAU_RUN: options.runId },
    ...(options.cwd ? { cwd: options.cwd } : {}),
  })
  // A program that exits while we write gives EPIPE on stdin: expected, the exit event tells the story.
  child.stdin.on('error', () => undefined)
  return child
}

export interface RawChild {
  readonly child: ChildProcessByStdio<Writable, null, Readable>
  /** Its output has been read to the end: what it wrote before it left is not lost. */
  readonly drained: Promise<void>
  /** What it has written to its descriptor NOTES_FD since this was asked the last time. Never waits, and wakes nobody by itself. */
  notes(): string
}

/** Where such a program finds a pipe for short notes about its bytes. */
export const NOTES_FD = 3

/** Where the next bytes are to be written, and how many came. `room` is never empty, and is asked after each `took`. */
export interface ByteSink {
  room(): Uint8Array<ArrayBuffer>
  took(bytes: number): void
}

/**
 * A pipe holds 64 kB, and each time it is full both sides wake each other: a dozen times for a picture of 700 kB. A megabyte is what
 * every user of Linux may ask for (pipe(7), F_SETPIPE_SZ); Node cannot ask, Perl can, and every Debian has it. Where it is refused,
 * or there is none, the pipe stays as it is.
 */
const WIDEN = 'open(my $pipe, "+<", $ARGV[0]); fcntl($pipe, 1031, 1 << 20)'

/** A picture of 700 kB is written in two dozen pieces, one right after the other: who read the first one rests, and then reads the others at once. */
const REST_MS = 10
const NOTES_BYTES = 4 << 10

/**
 * Starts a program that writes many bytes a second, which come straight into memory that `sink` names. Through an ordinary child's
 * stdout every 64 kB are a new Buffer, and at 100 MB a second V8 collects its whole heap several times a second for their sake
 * (measured: README of watching). Named pipes whose names are gone at once, because Node has no other public way to a descriptor
 * that it can read when and into what it likes.
 */
export function startRawChild(program: string, args: readonly string[], options: ChildOptions & { readonly sink: ByteSink }): RawChild {
  const [pixels, notes] = openPipes(['out', 'notes'])
  const wrapper = setpriv()
  const [command, argv] = wrapper ? [wrapper, ['--pdeathsig', 'KILL', '--', program, ...args]] : [program, [...args]]
  const child = spawn(command, argv, { stdio: ['pipe', pixels!.writeEnd, 'pipe', notes!.writeEnd], env: { ...process.env, ...options.env, VONGLAU_RUN: options.runId }, ...(options.cwd ? { cwd: options.cwd } : {}) }) as RawChild['child']
  for (const { writeEnd } of [pixels!, notes!]) closeSync(writeEnd)
  child.stdin.on('error', () => undefined) // as in startChild
  // Node's documentation has `onread` for connections and its code for every socket; its types lag behind.
  const wish: SocketConstructorOpts & { readonly onread: OnReadOpts } = {
    fd: pixels!.readEnd, readable: true, writable: false,
    onread: {
      buffer: () => options.sink.room(),
      callback(bytesRead) {
        const filled = bytesRead === options.sink.room().length
        options.sink.took(bytesRead)
        if (!filled) systemClock.after(REST_MS, () => output.resume())
        return filled
      },
    },
  }
  const output = new Socket(wish)
  const readNotes = noteReader(notes!.readEnd)
  const drained = new Promise<void>((resolve) => output.once('close', () => resolve()))
  void drained.then(readNotes.close)
  output.on('error', () => undefined) // it closes then, too
  output.resume()
  return { child, drained, notes: readNotes.read }
}

interface OpenPipe {
  readonly readEnd: number
  readonly writeEnd: number
}

/** Both ends of new pipes; those of the first are as wide as may be. */
function openPipes(names: readonly string[]): readonly OpenPipe[] {
  const folder = mkdtempSync(join(tmpdir(), 'vonglau-pipe-'))
  try {
    const paths = names.map((name) => join(folder, name))
    const made = spawnSync('mkfifo', ['-m', '600', ...paths])
    if (made.status !== 0) throw new Error(`no named pipe can be made in ${folder}: ${made.error?.message ?? made.stderr.toString().trim()}`)
    const open = paths.map((path) => ({ readEnd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), writeEnd: openSync(path, 'w') }))
    spawnSync('perl', ['-e', WIDEN, paths[0]!])
    return open
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function noteReader(fd: number): { readonly read: () => string; readonly close: () => void } {
  const memory = Buffer.alloc(NOTES_BYTES)
  let open = true
  return {
    read() {
      let text = ''
      for (let bytes = NOTES_BYTES; open && bytes === NOTES_BYTES; text += memory.toString('latin1', 0, bytes)) {
        try {
          bytes = readSync(fd, memory)
        } catch (error) {
          // Nothing there yet.
          if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
          bytes = 0
        }
      }
      return text
    },
    close() {
      open = false
      closeSync(fd)
    },
  }
}

/** Where a child that was given a pipe for media finds it. */
export const MEDIA_PIPE_FD = 4

/**
 * Starts one of our own modules as a Node process that talks by messages. `entry` is written without extension. `mediaPipe`
 * adds a pipe for bytes (`stdio[MEDIA_PIPE_FD]`): messages are JSON, and a picture should not become text on its way.
 */
export function forkOurs(entry: URL, options: ChildOptions & { readonly memoryMb?: number; readonly youngMb?: number; readonly args?: readonly string[]; readonly mediaPipe?: boolean }): ChildProcess {
  const { path, source } = runnable(entry)
  const wrapper = setpriv()
  const nodeArgs = [...(source ? ['--import', 'tsx'] : []), ...(options.memoryMb ? [`--max-old-space-size=${options.memoryMb}`] : []), ...(options.youngMb ? [`--max-semi-space-size=${options.youngMb}`] : [])]
  return fork(path, [...(options.args ?? [])], {
    // A busy child does not notice that its channel closed; the kernel's death signal needs no attention of its own. setpriv
    // becomes node by exec, so the pid and the channel stay.
    ...(wrapper ? { execPath: wrapper, execArgv: ['--pdeathsig', 'KILL', '--', process.execPath, ...nodeArgs] } : { execArgv: nodeArgs }),
    env: { ...process.env, ...options.env, VONGLAU_RUN: options.runId },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...(options.mediaPipe ? (['pipe'] as const) : [])],
  })
}

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly timedOut: boolean
}

/** Runs a short program to its end, killed at the deadline. Never rejects for a non-zero exit; rejects when it cannot start. */
export function runToEnd(program: string, args: readonly string[], options: { readonly timeoutMs: number; readonly maxBytes?: number; readonly input?: string }): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, [...args], { timeout: options.timeoutMs, killSignal: 'SIGKILL', maxBuffer: options.maxBytes ?? 4 << 20 }, (error, stdout, stderr) => {
      if (error && 'code' in error && typeof error.code === 'string' && error.code === 'ENOENT') reject(error)
      else resolve({ code: error ? (typeof error.code === 'number' ? error.code : null) : 0, stdout, stderr, timedOut: error?.killed === true })
    })
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(options.input ?? '')
  })
}

/** Kills children that an earlier run with the same mark left behind. Linux only (reads /proc); elsewhere it finds none. */
export function sweepLeftovers(mark: string, ownRunId: string): number {
  let swept = 0
  for (const name of existsSync('/proc') ? readdirSync('/proc') : []) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue
    let environment: string
    try {
      environment = readFileSync(`/proc/${name}/environ`, 'latin1')
    } catch {
      continue // gone, or another user's: not ours to end
    }
    const run = environment.split('\0').find((entry) => entry.startsWith('VONGLAU_RUN='))?.slice('VONGLAU_RUN='.length)
    if (!run?.startsWith(`${mark}:`) || run === ownRunId) continue
    try {
      process.kill(Number(name), 'SIGKILL')
      swept += 1
    } catch {
      continue // it ended by itself between the two lines
    }
  }
  return swept
}
