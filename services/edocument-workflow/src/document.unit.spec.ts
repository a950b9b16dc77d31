import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { documentEventOf, freshEvents, type DocumentEvent } from './document-event.ts';
import { DOCUMENT_FINDINGS } from './document-findings.ts';
import { RECIPIENT_STATES, WORDS } from './document-shape.ts';
import { foldDocument, type Document } from './document.ts';
import { at, corrected, FACTS, GOOD_LIFE, SOURCE, told, word } from './spec-document.ts';

const codes = ({ findings }: Document): string[] => findings.map(({ code }) => code);
const life = (upTo: number): DocumentEvent[] => GOOD_LIFE.slice(0, upTo);
const delivery = (document: Document, recipient = 'H57.31'): string | undefined =>
  document.recipients.find((one) => one.recipient === recipient)?.state;

describe('the life of an outgoing document', () => {
  it.each(['unknown', 'draft', 'submitted', 'approved', 'signed-by-person', 'signed', 'numbered', 'issued', 'filed'])('%s', (state) => {
    const length = ['unknown', 'draft', 'submitted', 'approved', 'signed-by-person', 'signed', 'numbered', 'issued', 'filed'].indexOf(
      state,
    );
    const document = foldDocument(life(length));
    expect([document.state, codes(document)]).toEqual([state, []]);
  });

  it('knows when each thing happened, who told it, and what the document is', () => {
    const document = foldDocument(GOOD_LIFE);
    expect(document.life.signedByOrganisation).toEqual({
      at: at(5),
      unit: 'issuing-office',
      event: { source: SOURCE, id: 'signed/5' },
      signature: 'digital',
    });
    expect(document.life.numbered).toMatchObject({ at: at(6), register: 'cong-van' });
    expect(document.facts).toEqual(FACTS);
    expect(document.units).toEqual([{ unit: 'issuing-office', direction: 'outgoing', state: 'filed' }]);
    expect(document.recipients).toEqual([
      { recipient: 'H57.31', state: 'sent', said: [] },
      { recipient: 'H57.5', state: 'sent', said: [] },
    ]);
  });

  it.each<[string, DocumentEvent[], string, string[]]>([
    ['goes back to the drafter', [...life(3), told('returned', 10, {})], 'draft', []],
    ['goes round again', [...life(3), told('returned', 10, {}), told('submitted', 11, {}), told('approved', 12, {})], 'approved', []],
    ['loses its signatures when it goes back', [...life(5), told('returned', 10, {}), told('submitted', 11, {})], 'submitted', []],
    [
      'keeps its number when it goes back',
      [...life(6), told('returned', 10, {}), told('signed', 11, { by: 'person', signature: 'digital' })],
      'numbered',
      [],
    ],
    ['does not come back once it is out', [...life(7), told('returned', 10, {})], 'issued', ['returned-after-issue']],
    ['is in order where only the day is kept', GOOD_LIFE.map((event) => ({ ...event, time: at(0) })), 'filed', []],
    ['is recalled', [...life(8), told('recalled', 20, { issuer: 'H57.21' })], 'recalled', []],
    ['is replaced', [...life(8), told('replaced', 20, { issuer: 'H57.21', by: 'new' })], 'replaced', []],
    ['is not recalled by another', [...life(7), told('recalled', 20, { issuer: 'H57.99' })], 'issued', ['not-by-its-issuer']],
    ['is not replaced by another', [...life(7), told('replaced', 20, { issuer: 'H57.9', by: 'new' })], 'issued', ['not-by-its-issuer']],
    ['is a draft again when a submission is taken back', [...life(2), corrected(30, 'submitted/2')], 'draft', []],
    ['is not known when all is taken back', [...life(1), corrected(30, 'drafted/1')], 'unknown', []],
    ['is issued where only its receiver speaks', [word('registered', 3)], 'issued', []],
  ])('%s', (_name, events, state, findings) => {
    const document = foldDocument(events);
    expect([document.state, codes(document)]).toEqual([state, findings]);
  });

  it('tells what is new of an update and adds its receivers', () => {
    const { facts } = foldDocument([...life(7), told('updated', 20, { ...FACTS, recipients: ['H57.40'], due: at(59), files: [] })]);
    expect(facts).toEqual({ ...FACTS, recipients: ['H57.31', 'H57.40', 'H57.5'], due: at(59), files: [] });
  });

  describe('an update that removes receivers', () => {
    const update = (minute: number, recipients: string[], removed: string[]): DocumentEvent =>
      told('updated', minute, { ...FACTS, recipients, removed });
    const all = ({ recipients }: Document): string[] => recipients.map(({ recipient, state }) => `${recipient} ${state}`);

    it('awaits them no more, shows them as removed with the update that did it, and adds the others', () => {
      const document = foldDocument([...life(7), update(20, ['H57.31', 'H57.40'], ['H57.5'])]);
      expect(document.facts?.recipients).toEqual(['H57.31', 'H57.40']);
      expect(document.facts).not.toHaveProperty('removed');
      expect(all(document)).toEqual(['H57.31 sent', 'H57.40 sent', 'H57.5 removed']);
      expect(document.recipients[2]?.removed).toEqual({ at: at(20), unit: 'issuing-office', event: { source: SOURCE, id: 'updated/20' } });
    });

    it('keeps what they said, and takes what they still say for no stranger’s word', () => {
      const document = foldDocument([
        ...life(7),
        word('registered', 10, 'H57.5'),
        update(20, ['H57.31'], ['H57.5']),
        word('completed', 30, 'H57.5'),
      ]);
      expect(document.recipients[1]).toMatchObject({ state: 'removed', status: '06', said: [{ status: '03' }, { status: '06' }] });
      expect(document.units).toContainEqual({ unit: 'office-of-H57.5', direction: 'incoming', state: 'removed' });
      expect(codes(document)).toEqual([]);
    });

    it.each<[string, DocumentEvent[], string[]]>([
      ['one that a later update adds again', [update(20, ['H57.31'], ['H57.5']), update(30, ['H57.5'], [])], ['H57.31 sent', 'H57.5 sent']],
      [
        'one that an earlier update added',
        [update(20, ['H57.40'], []), update(30, ['H57.31'], ['H57.40'])],
        ['H57.31 sent', 'H57.40 removed', 'H57.5 sent'],
      ],
      ['one that it names both ways', [update(20, ['H57.5'], ['H57.5'])], ['H57.31 sent', 'H57.5 removed']],
      [
        'nobody where the update was a mistake',
        [update(20, ['H57.31'], ['H57.5']), corrected(30, 'updated/20')],
        ['H57.31 sent', 'H57.5 sent'],
      ],
      ['everybody', [update(20, ['H57.31', 'H57.5'], ['H57.31', 'H57.5'])], ['H57.31 removed', 'H57.5 removed']],
    ])('removes %s by the last word on it, in any order', (_name, updates, expected) => {
      for (const events of [
        [...life(7), ...updates],
        [...updates.toReversed(), ...life(7)],
      ])
        expect(all(foldDocument(events))).toEqual(expected);
    });
  });

  it("takes the issuer's word over that of a receiver, whichever is later", () => {
    const copy = told('arrived', 30, { recipient: 'H57.31', document: { ...FACTS, code: '413/UBND-NV' } }, { unit: 'ward' });
    expect(foldDocument([...life(7), copy]).facts?.code).toBe('412/UBND-NV');
    expect(foldDocument([copy]).facts?.code).toBe('413/UBND-NV');
  });

  it('shows a recall as the issuer said it, whenever its receivers heard of it', () => {
    const heard = told('recalled', 19, { issuer: 'H57.21' }, { unit: 'ward' });
    const said = told('recalled', 20, { issuer: 'H57.21' });
    expect(foldDocument([...life(8), heard, said]).life.recalled?.unit).toBe(said.unit);
    expect(foldDocument([...life(8), heard]).life.recalled?.unit).toBe('ward');
  });
});

describe('delivery to a receiver', () => {
  it.each(Object.values(WORDS).map(({ state, status }) => [status, state] as const))('%s is %s', (status, state) => {
    const document = foldDocument([...life(7), word(state, 20)]);
    expect(document.recipients[0]).toMatchObject({ recipient: 'H57.31', state, status });
    expect(delivery(document, 'H57.5')).toBe('sent');
    expect(document.units).toContainEqual({ unit: 'office-of-H57.31', direction: 'incoming', state });
  });

  it.each<[string, DocumentEvent[], string]>([
    ['the highest rank, not the last in time', [word('completed', 20), word('arrived', 30), word('registered', 25)], 'completed'],
    ['rank where all carry one time', [word('in-process', 20), word('arrived', 20), word('assigned', 20)], 'in-process'],
    ['taken in after a refusal', [word('refused', 20), word('registered', 30)], 'registered'],
    ['no to a recall, said last', [word('recall-accepted', 20), word('recall-refused', 30)], 'recall-refused'],
    ['yes to a recall, said last', [word('recall-refused', 20), word('recall-accepted', 30)], 'recall-accepted'],
    [
      'arrival, not time, between yes and no',
      [word('recall-refused', 40, 'H57.31', { received: at(41) }), word('recall-accepted', 20, 'H57.31', { received: at(50) })],
      'recall-accepted',
    ],
    ['the rank where both arrive together', [word('recall-refused', 20), word('recall-accepted', 20)], 'recall-refused'],
    ['an answer over what is said of the work afterwards', [word('recall-refused', 20), word('completed', 50)], 'recall-refused'],
    [
      'the answer where it is asked once more and not answered again',
      [word('recall-requested', 10), word('recall-refused', 20), word('recall-requested', 30)],
      'recall-refused',
    ],
    ['an answer over the question', [word('recall-requested', 50), word('recall-accepted', 20)], 'recall-accepted'],
  ])('%s', (_name, words, state) => {
    expect(delivery(foldDocument([...life(7), told('recalled', 15, { issuer: 'H57.21' }), ...words]))).toBe(state);
  });

  it('holds what came with the words', () => {
    const { recipients } = foldDocument([
      ...life(7),
      told('refused', 20, { recipient: 'H57.5', reason: 'broken-file' }),
      told('registered', 21, { recipient: 'H57.31', number: 77 }),
      told('assigned', 22, { recipient: 'H57.31', lead: 'a', supporting: ['b'], due: at(50) }),
    ]);
    expect(recipients[1]).toMatchObject({ recipient: 'H57.5', refusal: 'broken-file' });
    expect(recipients[0]).toMatchObject({
      registered: { number: 77, at: at(21) },
      assigned: { lead: 'a', supporting: ['b'], due: at(50) },
      said: [
        { state: 'registered', status: '03' },
        { state: 'assigned', status: '04' },
      ],
    });
  });

  it('does not take the statuses that come back to the issuer for an incoming document', () => {
    const { units } = foldDocument([...life(7), word('registered', 20, 'H57.31', { unit: 'issuing-office' })]);
    expect(units).toEqual([{ unit: 'issuing-office', direction: 'outgoing', state: 'issued' }]);
  });

  it('says of an incoming document what its unit said, and not what others did', () => {
    const { units } = foldDocument([word('completed', 20, 'H57.5'), word('arrived', 10), told('filed', 40, {}, { unit: 'ward' })]);
    expect(units).toEqual([
      { unit: 'office-of-H57.31', direction: 'incoming', state: 'arrived' },
      { unit: 'office-of-H57.5', direction: 'incoming', state: 'completed' },
      { unit: 'ward', direction: 'incoming', state: 'sent' },
    ]);
  });
});

describe('findings', () => {
  const moved = (id: string, minute: number): DocumentEvent[] =>
    GOOD_LIFE.map((event) => (event.id === id ? { ...event, time: at(minute) } : event));
  const without = (id: string): DocumentEvent[] => GOOD_LIFE.filter((event) => event.id !== id);
  const table: [(typeof DOCUMENT_FINDINGS)[number], string, DocumentEvent[]][] = [
    ['approved-before-submitted', 'approved/3', [...life(1), told('approved', 3, {}), told('submitted', 9, {})]],
    ['signed-before-approved', 'signed/4', moved('signed/4', 0).slice(0, 4)],
    ['numbered-before-signed', 'numbered/6', moved('numbered/6', 0).slice(0, 6)],
    ['numbered-twice', 'numbered/9', [...GOOD_LIFE, told('numbered', 9, { register: 'quyet-dinh' })]],
    ['issued-before-signed', 'issued/7', without('signed/4')],
    ['issued-before-organisation-signed', 'issued/7', without('signed/5')],
    ['issued-before-numbered', 'issued/7', moved('numbered/6', 9)],
    ['issued-twice', 'issued/9', [...GOOD_LIFE, told('issued', 9, FACTS)]],
    ['issuer-differs', 'issued/7', [...GOOD_LIFE, told('updated', 20, { ...FACTS, issuer: 'H57.22' })]],
    ['filed-before-issued', 'filed/8', moved('filed/8', 6)],
    ['returned-after-issue', 'returned/9', [...GOOD_LIFE, told('returned', 9, {})]],
    ['not-by-its-issuer', 'recalled/9', [...GOOD_LIFE, told('recalled', 9, { issuer: 'H57.1' })]],
    ['word-of-stranger', 'H57.77/arrived/9', [...GOOD_LIFE, word('arrived', 9, 'H57.77')]],
    ['word-before-issue', 'H57.31/arrived/1', [...GOOD_LIFE, word('arrived', 1)]],
    ['refused-and-taken', 'H57.31/refused/9', [...GOOD_LIFE, word('refused', 9), word('assigned', 10)]],
    [
      'registered-twice',
      'registered/10',
      [...GOOD_LIFE, told('registered', 9, { recipient: 'H57.31', number: 1 }), told('registered', 10, { recipient: 'H57.31', number: 2 })],
    ],
    ['recall-answered-unasked', 'H57.31/recall-accepted/9', [...GOOD_LIFE, word('recall-accepted', 9)]],
    ['correction-without-target', 'corrected/9', [...GOOD_LIFE, corrected(9, 'nothing')]],
  ];

  it.each(table)('%s, put down to %s', (code, id, events) => {
    expect(foldDocument(events).findings).toEqual([{ code, event: { source: SOURCE, id } }]);
  });

  it('are all shown by the table', () => expect(table.map(([code]) => code).sort()).toEqual([...DOCUMENT_FINDINGS].sort()));

  it('are none where a repeated telling says the same', () => {
    const again = told('numbered', 6, { register: 'cong-van' }, { id: 'another' });
    expect(codes(foldDocument([...GOOD_LIFE, again]))).toEqual([]);
  });

  it('do not call a status without a number a second registration', () => {
    const registered = [told('registered', 9, { recipient: 'H57.31', register: 'cong-van' }), word('registered', 10)];
    expect(codes(foldDocument([...GOOD_LIFE, ...registered]))).toEqual([]);
  });

  it('do not call another number of another receiver a second one', () => {
    const numbers = [told('registered', 9, { recipient: 'H57.31', number: 1 }), told('registered', 10, { recipient: 'H57.5', number: 2 })];
    expect(codes(foldDocument([...GOOD_LIFE, ...numbers]))).toEqual([]);
  });
});

describe('corrections', () => {
  it('are shown with what they take back, which stays on the timeline', () => {
    const { timeline } = foldDocument([corrected(30, 'submitted/2'), ...life(2)]);
    expect(timeline.map(({ event, takenBackBy }) => [event.id, takenBackBy?.id])).toEqual([
      ['drafted/1', undefined],
      ['submitted/2', 'corrected/30'],
      ['corrected/30', undefined],
    ]);
  });

  it('can be taken back', () => {
    expect(foldDocument([...life(2), corrected(30, 'submitted/2'), corrected(31, 'corrected/30')]).state).toBe('submitted');
  });

  it('bring a receiver back to its word before', () => {
    expect(delivery(foldDocument([...life(7), word('registered', 9), word('completed', 10), corrected(30, 'H57.31/completed/10')]))).toBe(
      'registered',
    );
  });
});

describe('any order and any duplicates', () => {
  const ofLife = fc.tuple(fc.constantFrom(...GOOD_LIFE), fc.nat(30)).map(([event, minute]) => ({
    ...event,
    id: `${event.id}@${minute}`,
    time: at(minute),
  }));
  const words = fc
    .tuple(fc.constantFrom(...Object.values(WORDS)), fc.constantFrom('H57.31', 'H57.5', 'H57.9'), fc.nat(30), fc.nat(3), fc.nat(9))
    .map(([{ state }, recipient, minute, unit, n]) =>
      word(state, minute, recipient, { id: `w${state}${minute}${n}${recipient}`, unit: `u${unit}`, received: at(n) }),
    );
  const effects = fc.tuple(fc.constantFrom('H57.21', 'H57.9'), fc.nat(30), fc.nat(3)).map(([issuer, minute, kind]) => {
    if (kind === 0) return told('recalled', minute, { issuer });
    if (kind === 1) return told('replaced', minute, { issuer, by: `other-${minute}` });
    return kind === 2 ? told('updated', minute, { ...FACTS, issuer, code: `${minute}/X` }) : told('returned', minute, {});
  });
  const set = fc
    .array(fc.oneof(ofLife, words, effects), { maxLength: 25 })
    .chain((events) =>
      fc
        .array(fc.constantFrom(...events.map(({ id }) => id), 'nothing', 'corrected/40', 'corrected/41'), { maxLength: 4 })
        .map((ids) => freshEvents([], [...events, ...ids.map((id, n) => corrected(40 + n, id))])),
    );

  it('come to the same document', () => {
    fc.assert(
      fc.property(
        set.chain((events) =>
          fc.record({
            events: fc.constant(events),
            mixed: fc.shuffledSubarray(events, { minLength: events.length }),
            again: fc.subarray(events),
          }),
        ),
        ({ events, mixed, again }) => {
          expect(JSON.stringify(foldDocument([...mixed, ...again]))).toBe(JSON.stringify(foldDocument(events)));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('come to a document that holds together', () => {
    fc.assert(
      fc.property(set, (events) => {
        const { recipients, units, findings, timeline, life: found } = foldDocument(events);
        for (const { said, state } of recipients) {
          const highest = Math.max(0, ...said.map((one) => RECIPIENT_STATES.indexOf(one.state)));
          const answers = ['recall-accepted', 'recall-refused'];
          if (!answers.includes(state)) expect(RECIPIENT_STATES.indexOf(state)).toBe(highest);
          else expect(answers).toContain(RECIPIENT_STATES[highest]);
        }
        expect(new Set(units.map(({ unit }) => unit)).size).toBe(units.length);
        expect(timeline).toHaveLength(events.length);
        const identities = new Set(events.map(({ id }) => id));
        for (const { event } of findings) expect(identities).toContain(event.id);
        // What is taken back shows nowhere but on the timeline.
        const takenBack = timeline.flatMap(({ event, takenBackBy }) => (takenBackBy ? [event.id] : []));
        for (const id of takenBack) expect(JSON.stringify([recipients, found])).not.toContain(`"${id}"`);
      }),
      { numRuns: 500 },
    );
  });
});

describe('events as they are kept', () => {
  it('have their times in UTC and nothing that the fold has no use for', () => {
    const event = documentEventOf({
      specversion: '1.0',
      source: SOURCE,
      id: '1',
      subject: 'D',
      datacontenttype: 'application/json',
      unit: 'a',
      type: 'vn.par.document.filed.v1',
      time: '2021-07-05T07:00:00+07:00',
      received: '2021-07-05T01:00:00.000Z',
      network: 'tslcd',
      data: {},
    });
    const times = { time: '2021-07-05T00:00:00.000Z', received: '2021-07-05T01:00:00.000Z' };
    expect(event).toEqual({ source: SOURCE, id: '1', type: 'vn.par.document.filed.v1', unit: 'a', data: {}, ...times });
  });

  it('are new once', () => {
    const [first, second] = GOOD_LIFE as [DocumentEvent, DocumentEvent];
    expect(freshEvents([first], [second, first, second])).toEqual([second]);
  });
});
