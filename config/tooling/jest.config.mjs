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
  // One file at a time: browsers, cameras and databases side by side on two cores only measure each other. Renewed when it has grown.
  maxWorkers: 1,
  workerIdleMemoryLimit: '1GB',
  testTimeout: 30000,
}
