/** `npm run dev`: the server from source with virtual cameras, restarted on change, and the player with hot reload in front of it. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

if (!existsSync('node_modules') && spawnSync('npm', ['ci'], { stdio: 'inherit' }).status !== 0) process.exit(1)

const children = [
  spawn('node_modules/.bin/tsx', ['watch', '--clear-screen=false', '--include', 'server/**', '--include', 'analytics/**', 'server/main.ts', '--sandbox', '--port', '8080'], { stdio: 'inherit' }),
  spawn('node_modules/.bin/vite', ['-c', 'config/tooling/vite.config.ts'], { stdio: 'inherit' }),
]
const stop = () => children.forEach((child) => child.kill('SIGTERM'))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop)
for (const child of children) child.on('exit', stop)
