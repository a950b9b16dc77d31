import { type Unit } from '@par/administration';
import { type EventData, type EventType, type InspectionSubject, type ProducerEvent } from '@par/contracts';

const SOURCE = 'urn:par:made-up-day:records';
const MID_YEAR = '2021-07-05T09:00:00+07:00';
const START_OF_YEAR = '2021-01-01T00:00:00+07:00';
/** Decision 24/QĐ-UBND. */
const SCORES_PUBLISHED = '2022-01-05T09:00:00+07:00';
const SUBJECTS: readonly InspectionSubject[] = ['reform', 'home-affairs', 'procedure-control', 'iso-9001', 'discipline', 'directive-06'];

/**
 * What a city's desks declare beside its dossiers, so that a first start shows all ten goals: the procedures of the made-up day, inspections, reviews, staff, a
 * survey, scores. Invented, but for the four scores of districts that the province published for 2021, Huế's 84.186 among them.
 */
export function madeUpRecords(agencies: readonly Unit[]): ProducerEvent[] {
  const departments = agencies.filter(({ kind }) => kind === 'department');
  const inspected = agencies.filter((_, n) => n % 4 === 1);
  return [
    ...procedures(),
    ...inspected.map((unit, n) =>
      record('vn.par.inspection.completed.v1', `inspection-${n + 1}`, unit.id, MID_YEAR, { subjects: [SUBJECTS[n % 6]!] }),
    ),
    ...departments
      .slice(0, 4)
      .flatMap((unit, n) => [
        record('vn.par.function-review.planned.v1', `review-${n + 1}`, unit.id, '2021-03-01T08:00:00+07:00', {}),
        ...(n < 3 ? [record('vn.par.function-review.completed.v1', `review-${n + 1}`, unit.id, MID_YEAR, {})] : []),
      ]),
    ...departments.map((unit, n) =>
      record('vn.par.staff-standard.declared.v1', unit.id, unit.id, MID_YEAR, { staff: 9 + n, meeting: 9 + n - (n % 3) }),
    ),
    record('vn.par.survey.declared.v1', 'survey-2021-q2', departments[0]!.id, MID_YEAR, {
      issued: 400,
      collected: 352,
      questions: [
        { question: 'q1', scale: 'satisfaction', best: 171, middle: 158, worst: 23 },
        { question: 'q2', scale: 'satisfaction', best: 180, middle: 150, worst: 20 },
        { question: 'q3', scale: 'other', best: 150, middle: 170, worst: 30 },
      ],
    }),
    ...agencies.slice(0, 40).map((unit, n) =>
      record('vn.par.assessment.published.v1', unit.id, unit.id, SCORES_PUBLISHED, {
        year: 2021,
        framework: 'made-up',
        awarded: 71_000 + ((n * 3_770) % 24_000),
        applicable: 100_000,
      }),
    ),
    record('vn.par.ranking.published.v1', 'hue', 'hue', SCORES_PUBLISHED, {
      year: 2021,
      peers: 9,
      scores: [
        { code: '480', score: 87_170, rank: 1 },
        { code: '474', score: 84_186, rank: 2 },
        { code: '483', score: 83_847, rank: 3 },
        { code: '481', score: 83_524, rank: 4 },
      ],
    }),
  ];
}

/** Twenty procedures of the city: the five of the made-up day at their levels, the others around them. */
function procedures(): ProducerEvent[] {
  const known: [string, number][] = [
    ['2.000815', 2],
    ['1.000894', 3],
    ['1.001193', 4],
    ['1.001612', 4],
    ['1.009994', 3],
  ];
  const others = Array.from({ length: 15 }, (_, n): [string, number] => [`1.0020${String(n + 10)}`, n % 5 === 0 ? 4 : 3]);
  return [...known, ...others].flatMap(([code, level], n) => [
    record('vn.par.procedure.published.v1', code, 'hue', START_OF_YEAR, {
      level: { scheme: '1-4', level },
      term: { amount: 3 + (n % 6), unit: 'working-day' },
    }),
    ...(n % 4 === 0
      ? [
          record('vn.par.procedure.term-cut.v1', code, 'hue', '2021-04-01T00:00:00+07:00', {
            term: { amount: 2, unit: 'working-day' as const },
          }),
        ]
      : []),
    ...(n % 2 === 0 ? [record('vn.par.procedure.iso-issued.v1', code, 'hue', START_OF_YEAR, {})] : []),
  ]);
}

function record<T extends EventType>(type: T, subject: string, unit: string, time: string, data: EventData[T]): ProducerEvent {
  const name = type.slice('vn.par.'.length);
  return {
    specversion: '1.0',
    source: SOURCE,
    id: `${subject}/${name}`,
    type,
    subject,
    time,
    unit,
    datacontenttype: 'application/json',
    data,
  };
}
