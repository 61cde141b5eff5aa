import TestRunner from 'jest-runner'

/** What needs most of the machine: never two of these at once, a browser starves beside another. */
const HEAVY = /\/tests\/(browser|faults|journeys)\//
/** So many of the others are taken at a time: few enough that both lanes end together, many enough that a process is worth its start. */
const PART = 8

/** Two lanes, each with one process and one file at a time: the heavy files, and all others, which mostly wait. Who is done helps with the others. */
export default class TwoLanes extends TestRunner {
  async runTests(tests, watcher, options) {
    const heavy = tests.filter(({ path }) => HEAVY.test(path))
    const others = tests.filter((test) => !heavy.includes(test))
    const run = (part) => super.runTests(part, watcher, options)
    const takeOthers = async () => {
      for (let part = others.splice(0, PART); part.length > 0; part = others.splice(0, PART)) await run(part)
    }
    await Promise.all([heavy.length > 0 ? run(heavy).then(takeOthers) : takeOthers(), takeOthers()])
  }
}
