/** One plain line that people and machines read alike; skipped tests are counted, never hidden. */
export default class ClosingLine {
  onRunComplete(_contexts, results) {
    process.stdout.write(`${results.numPassedTests} passed, ${results.numFailedTests + results.numRuntimeErrorTestSuites} failed, ${results.numPendingTests + results.numTodoTests} skipped\n`)
  }
}
