import TestRunner from 'jest-runner'

/**
 * Files that only reckon, or ask a database or a program that answers when it is done: no browser, no camera and no moment that passes
 * while they are busy. Whoever does is not among them, and neither is whoever kills what it started. In doubt a file is not calm.
 */
const CALM = [
  /\/tests\/(alerts|analytics|domain|feedback|flow|house|media|player|rules|signals)\//,
  /\/tests\/sandbox\/(scenes|trials)\//,
  /\/tests\/storage\/(?!kill|postgres)/,
  /\/tests\/evidence\/redacted-copies\./,
  /\/tests\/web\/(masks|plates|rights|rules|ticket-keys|tickets|walls)\./,
]
const SCREENS = [/\/tests\/browser\//]

/**
 * Calm files first, as many at once as `maxWorkers` says: they fill the cores. Then two lanes, in each one file at a time: browsers, and
 * beside them what has cameras and passing time in it. Either waits half of its time, and there is never more than one browser.
 */
export default class CalmFirst extends TestRunner {
  async runTests(tests, watcher, options) {
    if (options.serial) return super.runTests(tests, watcher, options)
    const isAmong = (places) => ({ path }) => places.some((place) => place.test(path))
    const calm = tests.filter(isAmong(CALM))
    const screens = tests.filter(isAmong(SCREENS))
    const others = tests.filter((test) => !calm.includes(test) && !screens.includes(test))
    const run = async (some) => some.length > 0 && super.runTests(some, watcher, options)
    await run(calm)
    this._globalConfig = { ...this._globalConfig, maxWorkers: 1 }
    await Promise.all([run(screens), run(others)])
  }
}
