import TestRunner from 'jest-runner'

/**
 * Files that only reckon, or ask a database or a program that answers when it is done: no browser, no camera and no moment that passes
 * while they are busy. Whoever does is not among them, and neither is whoever kills what it started. In doubt a file is not calm: those
 * that wait for something disturb each other on two cores, and a run that fails once in ten costs more than it saves.
 */
const CALM = [
  /\/tests\/(alerts|analytics|domain|feedback|flow|house|media|player|rules|signals)\//,
  /\/tests\/sandbox\/(scenes|trials)\//,
  /\/tests\/storage\/(?!kill|postgres)/,
  /\/tests\/evidence\/redacted-copies\./,
  /\/tests\/web\/(masks|plates|rights|rules|ticket-keys|tickets|walls)\./,
]

/** Calm files first, as many at once as `maxWorkers` says; then all others, one at a time, so that nothing of ours disturbs them. */
export default class CalmFirst extends TestRunner {
  async runTests(tests, watcher, options) {
    const calm = tests.filter(({ path }) => CALM.some((place) => place.test(path)))
    const others = tests.filter((test) => !calm.includes(test))
    if (calm.length > 0) await super.runTests(calm, watcher, options)
    this._globalConfig = { ...this._globalConfig, maxWorkers: 1 }
    if (others.length > 0) await super.runTests(others, watcher, options)
  }
}
