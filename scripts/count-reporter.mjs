import { writeFileSync } from "node:fs";

/** A jest reporter that leaves the counts of a run in the file that `STS_TEST_COUNTS` names. */
export default class CountReporter {
  onRunComplete(
    /** @type {unknown} */ _contexts,
    /** @type {import("@jest/test-result").AggregatedResult} */ results,
  ) {
    const counts = {
      passed: results.numPassedTests,
      // A file that could not be run has no tests of its own to count.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    };
    writeFileSync(process.env.STS_TEST_COUNTS ?? "", JSON.stringify(counts));
  }
}
