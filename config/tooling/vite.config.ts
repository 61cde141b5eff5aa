import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const server = process.env['VONGLAU_SERVER'] ?? 'http://127.0.0.1:8080'
const proxied = Object.fromEntries(['/api', '/readyz', '/live', '/sound', '/room', '/evidence', '/open311', '^/playback/.+'].map((path) => [path, { target: server, changeOrigin: false }]))

export default defineConfig({
  root: here('../../player'),
  plugins: [react()],
  // Without captions, keys and advertisements, which no camera has: 37 % less to load, and no controller that begins to load by itself.
  resolve: { alias: [{ find: /^hls\.js$/, replacement: 'hls.js/light' }] },
  build: {
    outDir: here('../../dist/player'),
    emptyOutDir: true,
    target: 'es2022',
    // Fonts and pictures stay files: the server's content policy allows no data: address.
    assetsInlineLimit: 0,
    // The polyfill is an inline script in old browsers; every browser that plays LL-HLS preloads by itself.
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { app: here('../../player/index.html'), gallery: here('../../player/gallery.html') } },
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { ...proxied, '/socket.io': { target: server, ws: true } } },
  preview: { proxy: { ...proxied, '/socket.io': { target: server, ws: true } } },
})
