import { type Indicator, type Plan, type Score } from './plan.ts';
import { RULE_TEXTS } from './rule-catalogue.ts';

const BEGIN =
  '<!-- begin: printed from services/index-scoring/rules by `npm run figures-doc`; what stands between the marks is not edited by hand -->';
const END = '<!-- end: printed -->';

/**
 * The text of docs/figures.md with the plans printed between its two marks; all around them is written by hand and stays. Pure.
 *
 * @throws Error where the text has no marks.
 */
export function withPlansPrinted(document: string, plans: readonly Plan[]): string {
  const from = document.indexOf(BEGIN);
  const to = document.indexOf(END);
  if (from < 0 || to < from) throw new Error(`docs/figures.md has lost its marks: ${BEGIN} … ${END}`);
  return [document.slice(0, from + BEGIN.length), '', ...plans.flatMap(printPlan), document.slice(to)].join('\n');
}

function printPlan(plan: Plan): string[] {
  const until = plan.validTo === undefined ? '' : ` to ${plan.validTo}`;
  return [
    `## Plan \`${plan.plan}\` version ${plan.version}: ${plan.title.en}`,
    '',
    `*${plan.title.vi}.* ${plan.source}; from ${plan.validFrom}${until}. File: \`services/index-scoring/rules/${plan.plan}.yaml\`.`,
    '',
    ...plan.goals.flatMap((goal) => {
      const indicators = plan.indicators.filter((indicator) => indicator.goal === goal.id);
      if (indicators.length === 0) return [];
      return [`### ${goal.id}. ${goal.name.en}`, '', `*${goal.name.vi}*`, '', ...indicators.flatMap(printIndicator)];
    }),
    ...(plan.scores.length > 0 ? printScores(plan) : []),
  ];
}

function printIndicator(indicator: Indicator): string[] {
  const rows: [string, string | undefined][] = [
    ['Vietnamese', `*${indicator.nameVi}*`],
    ['Numerator', indicator.numerator.en],
    ['Denominator', indicator.denominator.en],
    ['Exclusions', indicator.exclusions?.en],
    ['Counted', COUNTED[indicator.kind]],
    ['Units', unitsOf(indicator)],
    ['Target', targetOf(indicator)],
    ['Direction', indicator.direction === 'up' ? 'more is better' : 'less is better'],
    ['Stated', indicator.stated === 'R' ? 'in the decision' : 'derived by us'],
    ['Source', indicator.source],
    ['Moved by', indicator.movedBy.map((what) => `\`${what}\``).join(', ') || undefined],
    ['Open', indicator.open?.map(({ en }) => en).join('; ')],
  ];
  return [
    `#### \`${indicator.id}\` ${indicator.nameEn}`,
    '',
    ...table(
      ['', ''],
      rows.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
    ),
    '',
    ...(indicator.rules.length > 0 ? [...printRules(indicator), ''] : []),
  ];
}

const COUNTED: Record<Indicator['kind'], string> = {
  count: 'each subject in the month it belongs to',
  state: 'as it stands at the cut-off',
  open: '**not computed**',
};

function unitsOf({ unitKinds, beside }: Indicator): string {
  const units = unitKinds?.join(', ') ?? 'all units of the city';
  return beside ? `${units}; beside, in no total: ${beside.join(', ')}` : units;
}

function targetOf({ target, measure }: Indicator): string {
  if (!target) return 'none: a figure to watch';
  if (target.op === 'not-falling') return 'not below the start of the year';
  const unit = { share: ' %', points: ' points', count: '', rank: '' }[measure];
  return `${{ '>=': '≥', '>': 'strictly above', '=': '=', '<=': '≤' }[target.op]} ${target.value}${unit}`;
}

function printRules({ rules }: Indicator): string[] {
  const rows = rules.map(({ rule, version, official }) => {
    const { text, source, since } = RULE_TEXTS[rule] ?? { text: { en: '' }, source: '', since: '' };
    return [`\`${rule}\` ${version}${official ? ' **official**' : ''}`, text.en, source, since];
  });
  return table(['Rule, version', 'Meaning', 'From', 'Since'], rows);
}

function printScores(plan: Plan): string[] {
  return [
    '### Scores',
    '',
    'A part has *max × min(1, figure ÷ full marks from)* points. While anything in it is open, a score is not computed.',
    '',
    ...table(
      ['Score', 'Max', 'Parts', 'Open'],
      plan.scores.map((score) => [
        `\`${score.id}\` ${score.nameEn} (*${score.nameVi}*)`,
        pointsOf(score.max),
        partsOf(score),
        (score.open ?? []).map(({ en }) => en).join('; '),
      ]),
    ),
    '',
  ];
}

function partsOf({ parts }: Score): string {
  return parts
    .map(({ ref, rule, max, fullAt }) => {
      const about = [
        ...(rule === undefined ? [] : [rule]),
        `max ${pointsOf(max)}`,
        ...(fullAt === undefined ? [] : [`full from ${fullAt} %`]),
      ];
      return `\`${ref}\` (${about.join(', ')})`;
    })
    .join(', ');
}

function pointsOf(max: number | null): string {
  return max === null ? 'not known' : String(max);
}

function table(head: string[], rows: string[][]): string[] {
  const line = (cells: string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)];
}
