/** ESM with an esbuild transform: jest never type-checks (`npm run typecheck` does), and jest.mock is not used: we inject. */
export default {
  rootDir: '../..',
  globalSetup: '<rootDir>/tests/support/temp-folder.mjs',
  testEnvironment: '<rootDir>/tests/support/env.mjs',
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.tsx?$': '<rootDir>/tests/support/esbuild-transform.mjs' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  reporters: ['default', '<rootDir>/tests/support/closing-line.mjs'],
  // Of calm files two at once; then one browser, and beside it one file without. Renewed when it has grown.
  runner: '<rootDir>/tests/support/calm-first.mjs',
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  // A worker that holds nothing still needs time to be taken apart: 0.5 to 0.7 s on two cores that also train a network (measured),
  // which jest's own 500 ms calls a leak. One that does hold something never leaves, and is told all the same.
  workerGracefulExitTimeout: 5_000,
  testTimeout: 30000,
}
