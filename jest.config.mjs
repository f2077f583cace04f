import { availableParallelism } from 'node:os';

/** Jest runs the TypeScript sources as ESM; worker threads and child processes run from dist/, built before. */
export default {
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testEnvironment: '<rootDir>/test/support/jest-environment.cjs',
  reporters: ['default', '<rootDir>/test/support/skip-reporter.cjs'],
  testTimeout: 30_000,
  // Much of the time goes by waiting for cameras, so that two files share two cores well.
  maxWorkers: Math.max(2, availableParallelism() - 1),
};
