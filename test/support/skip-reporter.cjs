/**
 * Names every skipped test at the end of a run, so that what was not checked is seen; with
 * SIGHTLINE_NO_SKIPS=1 (set by CI, which has everything) a skipped test fails the run.
 */
module.exports = class SkipReporter {
  #skipped = [];

  onTestResult(test, result) {
    for (const { status, fullName } of result.testResults) {
      if (status === 'pending' || status === 'todo') this.#skipped.push(fullName);
    }
  }

  onRunComplete() {
    if (this.#skipped.length === 0) return;
    process.stderr.write(
      `\n${this.#skipped.length} skipped:\n${this.#skipped.map((n) => `  - ${n}\n`).join('')}`,
    );
  }

  getLastError() {
    if (process.env.SIGHTLINE_NO_SKIPS === '1' && this.#skipped.length > 0) {
      return new Error(`${this.#skipped.length} tests were skipped where none may be`);
    }
    return undefined;
  }
};
