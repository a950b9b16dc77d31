import {
  type BackTest,
  best,
  DUE_SOON,
  EVERYTHING,
  type Feature,
  PERCENTS,
  precision,
  recall,
  ruleName,
  type Score,
  SPANS,
  STATE,
  weighed,
} from './back-test.ts';

const BEGIN = '<!-- begin: printed from the public log by `npm run save-list-doc`; what stands between the marks is not edited by hand -->';
const END = '<!-- end: printed -->';

/** The text of docs/save-list.md with the back-test printed between its two marks; all around them is written by hand and stays. @throws Error where the marks are lost */
export function withBackTestPrinted(document: string, result: BackTest, features: readonly Feature[]): string {
  const from = document.indexOf(BEGIN);
  const to = document.indexOf(END);
  if (from < 0 || to < from) throw new Error(`docs/save-list.md has lost its marks: ${BEGIN} … ${END}`);
  return [document.slice(0, from + BEGIN.length), '', ...resultLines(result), '', ...triedLines(result, features), document.slice(to)].join(
    '\n',
  );
}

/** How the rule did at each quantile, beside the two plain rules. */
export function resultLines({ training, test, chosen }: BackTest): string[] {
  const everything = test.get(EVERYTHING)!;
  const inTraining = training.get(EVERYTHING)!;
  const row = (title: string, name: string): string => {
    const score = test.get(name)!;
    return tableLine([
      title,
      rate(weighed(training.get(name)!)),
      rate(precision(score)),
      rate(recall(score)),
      rate(weighed(score)),
      String(score.named),
      `${score.caughtCases} / ${score.namedCases}`,
      `${score.caughtCases} / ${score.missedCases}`,
      score.leadDays === undefined ? '–' : score.leadDays.toFixed(0),
    ]);
  };
  return [
    `Training ${SPANS.training.from} to ${SPANS.training.to}: ${inTraining.pairs} pairs of an open case and a working day, base rate ${rate(precision(inTraining))}.`,
    `Test ${SPANS.test.from} to ${SPANS.test.to}: ${everything.pairs} pairs of ${everything.namedCases} cases, base rate ${rate(precision(everything))}; no verdict for ${test.get(ruleName(STATE, chosen))!.unknown} pairs.`,
    `Chosen on the training part: **${chosen} %**.`,
    '',
    '| Rule (quy tắc) | F0.5, training | Precision (độ chính xác) | Recall (độ bao phủ) | F0.5, test | Pairs named | Named cases that missed / named | Missed cases named / missed | Lead, working days (báo trước) |',
    tableLine(['---', ...Array<string>(8).fill('---:')]),
    ...PERCENTS.map((percent) => row(percent === chosen ? `**state, ${percent} %**` : `state, ${percent} %`, ruleName(STATE, percent))),
    row(DUE_SOON, DUE_SOON),
    row(EVERYTHING, EVERYTHING),
  ];
}

/** What else was tried, each at the quantile that its own training part chose. */
function triedLines({ training, test }: BackTest, features: readonly Feature[]): string[] {
  return [
    '| What cases were told apart by | Quantile | F0.5, training | Precision | Recall | F0.5, test | Pairs without a verdict |',
    tableLine(['---', ...Array<string>(6).fill('---:')]),
    ...features.map(({ name }) => {
      const percent = best(training, name);
      const score: Score = test.get(ruleName(name, percent))!;
      const numbers = [weighed(training.get(ruleName(name, percent))!), precision(score), recall(score), weighed(score)];
      return tableLine([name, `${percent} %`, ...numbers.map(rate), String(score.unknown)]);
    }),
  ];
}

function rate(value: number): string {
  return value.toFixed(3);
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
