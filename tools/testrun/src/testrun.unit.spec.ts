import { describe, expect, it } from '@jest/globals';
import { parseSelection, specsOf } from './selection.ts';
import { skippedIn, switchedOffIn, tallyOf, type JestReport } from './tally.ts';

const suite = (name: string, status: string, ...statuses: string[]): JestReport['testResults'][number] => ({
  name,
  status,
  message: '',
  assertionResults: statuses.map((each, i) => ({ status: each, fullName: `test ${i}` })),
});

describe('the selection', () => {
  it('is everything without arguments', () => {
    expect(parseSelection([])).toEqual({ projects: ['unit', 'int', 'e2e'], patterns: [], options: [], byName: false });
  });

  it('tells projects from paths, where jest itself would not', () => {
    expect(parseSelection(['--selectProjects', 'unit', 'int', 'libs/x', '-t', 'name', '--verbose'])).toEqual({
      projects: ['unit', 'int'],
      patterns: ['libs/x'],
      options: ['-t', 'name', '--verbose'],
      byName: true,
    });
    expect(parseSelection(['libs/x', '--selectProjects=e2e']).projects).toEqual(['e2e']);
  });

  it('knows which spec files are meant', () => {
    const files = ['libs/a/src/x.unit.spec.ts', 'libs/a/src/x.int.spec.ts', 'libs/b/src/y.int.spec.ts'];
    expect(specsOf('int', files, parseSelection(['./libs/a']))).toEqual(['libs/a/src/x.int.spec.ts']);
    expect(specsOf('int', files, parseSelection([]))).toHaveLength(2);
    expect(specsOf('int', files, parseSelection(['--selectProjects', 'unit']))).toEqual([]);
  });
});

describe('the tally', () => {
  it('counts a suite that fails without a failing test as one failure', () => {
    const report = {
      numPassedTests: 3,
      testResults: [
        suite('a', 'passed', 'passed'),
        suite('b', 'failed', 'failed', 'passed', 'failed'),
        suite('c', 'failed'),
        suite('d', 'failed', 'passed'),
      ],
    };
    expect(tallyOf(report)).toEqual({ passed: 3, failed: 4 });
  });

  it('finds failure tests that did not run', () => {
    const report = {
      numPassedTests: 1,
      testResults: [
        suite('/x/tools/e2e/src/kill.e2e.spec.ts', 'passed', 'passed', 'pending', 'todo'),
        suite('/x/libs/a.unit.spec.ts', 'passed', 'pending'),
      ],
    };
    expect(skippedIn(report)).toEqual(['/x/tools/e2e/src/kill.e2e.spec.ts: test 1', '/x/tools/e2e/src/kill.e2e.spec.ts: test 2']);
  });

  it.each([
    ['it.sk' + 'ip(', 'kill.e2e.spec.ts'],
    ['  describe.sk' + 'ip.each([1])(', 'kill.e2e.spec.ts'],
    ['  x' + 'it(', 'kill.e2e.spec.ts'],
    ['  it.on' + 'ly(', 'kill.e2e.spec.ts'],
    ['  it.to' + 'do(', 'kill.e2e.spec.ts'],
    ['  it(', 'kill.e2e-spec1.ts'],
    ['  it(', 'kill.e2e.spec.ts.off'],
  ])('finds a failure test switched off by %s in %s', (text, path) => {
    expect(switchedOffIn(path, `\n${text}'survives', () => {})`)).toHaveLength(1);
  });

  it('leaves alone what is not switched off', () => {
    expect(switchedOffIn('kill.e2e.spec.ts', `it('does not skip', () => {});\nawait transaction.skip();\nedit(1)`)).toEqual([]);
    expect(switchedOffIn('services.ts', 'export const wait = () => {};')).toEqual([]);
  });
});
