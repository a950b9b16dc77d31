/** The part of jest's JSON report that the tally reads. */
export interface JestReport {
  numPassedTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { status: string; fullName: string }[];
  }[];
}

export interface Tally {
  passed: number;
  failed: number;
}

/** A suite that fails without a failing test (it does not load, or its cleaning up fails) counts as one failure. */
export function tallyOf(report: JestReport): Tally {
  const failures = report.testResults.map(({ status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed').length;
    return failed === 0 && status === 'failed' ? 1 : failed;
  });
  return { passed: report.numPassedTests, failed: failures.reduce((sum, each) => sum + each, 0) };
}

/** Failure tests (everything in tools/e2e) that were there and did not run: they count as failed. */
export function skippedIn(report: JestReport): string[] {
  return report.testResults
    .filter(({ name }) => name.includes('/tools/e2e/'))
    .flatMap(({ name, assertionResults }) =>
      assertionResults.filter(({ status }) => !['passed', 'failed'].includes(status)).map(({ fullName }) => `${name}: ${fullName}`),
    );
}

/**
 * Failure tests switched off in the source of a file of tools/e2e: skipped or focused with jest's words, or in a file whose name keeps jest from
 * seeing it. `path` is relative to tools/e2e.
 */
export function switchedOffIn(path: string, text: string): string[] {
  const found = [
    ...text.matchAll(
      /^.*?\b(?:(?:it|test|describe)(?:\.\w+)*\.(?:skip|only|todo|failing)|xit|xtest|xdescribe|fit|fdescribe)\b\s*(?:\.\w+)*\s*[(`].*$/gm,
    ),
  ];
  const lines = found.map((match) => `${path}:${text.slice(0, match.index).split('\n').length}: ${match[0].trim()}`);
  const hasTests = /^\s*(?:it|test)(?:\.each)?\s*[(`]/m.test(text);
  return hasTests && !/\.(unit|int|e2e)\.spec\.ts$/.test(path)
    ? [...lines, `${path}: has tests, but jest does not run a file of this name`]
    : lines;
}
