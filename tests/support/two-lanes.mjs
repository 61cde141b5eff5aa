import TestRunner from 'jest-runner'

/** What needs most of the machine: never two of these at once, a browser starves beside another. */
const HEAVY = /\/tests\/(browser|faults|journeys)\//

/**
 * Two lanes, each with one process and one file at a time: the heavy files, and all others, which mostly wait. About as long as
 * each other, so that two cores are done in half the time.
 */
export default class TwoLanes extends TestRunner {
  async runTests(tests, watcher, options) {
    const heavy = tests.filter(({ path }) => HEAVY.test(path))
    const others = tests.filter((test) => !heavy.includes(test))
    await Promise.all([heavy, others].filter(({ length }) => length > 0).map((lane) => super.runTests(lane, watcher, options)))
  }
}
