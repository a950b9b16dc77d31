import { describe, expect, it } from '@jest/globals';
import { parseDossierCode } from '@par/administration';
import { DOOR_OF, validateData } from '@par/contracts';
import { madeUpDay } from './made-up-day.ts';
import { DAY } from './made-up-event.ts';
import { isNewEnough } from './node-version.ts';
import { portVariable, readSettings, StartError } from './settings.ts';

describe('the made-up day', () => {
  const day = madeUpDay();
  const all = [...day.tslcd, ...day.internet];
  const ofType = (noun: string) => all.filter(({ type }) => type === `vn.par.${noun}.v1`);

  it('is the same on every run', () => expect(madeUpDay()).toEqual(day));

  it('has events that a front door takes, each once', () => {
    expect(new Set(all.map(({ source, id }) => `${source} ${id}`)).size).toBe(all.length);
    for (const event of all) {
      expect(DOOR_OF[event.type]).toBeDefined();
      expect(validateData(event.type, event.data)).toEqual([]);
      if (event.type.startsWith('vn.par.dossier.'))
        expect(parseDossierCode(event.subject, 'national')).toEqual({ ok: true, receivedOn: DAY });
      expect(event.time).toMatch(/^2021-07-05T(0[7-9]|1\d):\d\d:00\+07:00$/);
    }
  });

  it('has something of everything that the page shows', () => {
    const dueOf = new Map(all.map(({ subject, data }) => ('due' in data ? [subject, data.due] : ['', undefined])));
    const late = ofType('dossier.result-ready').filter(({ subject, time }) => Date.parse(time) > Date.parse(dueOf.get(subject)!));
    const received = ofType('dossier.received');
    expect(received).toHaveLength(56);
    expect(ofType('dossier.result-ready')).toHaveLength(day.finished);
    expect(late.length).toBeGreaterThanOrEqual(2);
    expect(received.length - day.finished).toBeGreaterThanOrEqual(5);
    expect(
      ofType('work-dossier.step-taken').filter(({ data }) => 'medium' in data && data.medium === 'paper').length,
    ).toBeGreaterThanOrEqual(3);
    expect(day.internet.length).toBeGreaterThan(5);
    expect(ofType('network.connection-accepted')).toHaveLength(43);
    expect(new Set(received.map(({ unit }) => unit)).size).toBeGreaterThan(25);
  });

  it('declares something for every goal, as a front door takes it', () => {
    for (const event of day.records) {
      expect(DOOR_OF[event.type]).toBe('dossier-intake');
      expect(validateData(event.type, event.data)).toEqual([]);
    }
    expect(new Set(day.records.map(({ source, id }) => `${source} ${id}`)).size).toBe(day.records.length);
    const nouns = new Set(day.records.map(({ type }) => type.split('.')[2]));
    expect(nouns).toEqual(new Set(['procedure', 'inspection', 'function-review', 'staff-standard', 'survey', 'assessment', 'ranking']));
  });

  it('follows documents by a process, and not all go as it says', () => {
    const opened = ofType('work-dossier.opened');
    expect(opened).toHaveLength(20);
    const stepsOf = opened.map(({ subject }) => all.filter((event) => event.subject === subject && 'step' in event.data).length);
    expect(new Set(stepsOf).size).toBeGreaterThanOrEqual(4);
    const isClosed = opened.filter(({ subject }) => ofType('work-dossier.completed').some((event) => event.subject === subject));
    expect(isClosed.length).toBeGreaterThan(10);
    expect(isClosed.length).toBeLessThan(opened.length);
  });

  it('takes no step before the dossier is received or opened and none after it is completed', () => {
    const at = (id: string) => Date.parse(all.find((event) => event.id === id)?.time ?? '');
    for (const { subject, time } of ofType('work-dossier.step-taken')) {
      const begun = at(`${subject}/received`) || at(`${subject}/opened`);
      expect(Date.parse(time)).toBeGreaterThanOrEqual(begun);
      const completed = at(`${subject}/completed`);
      if (!Number.isNaN(completed)) expect(Date.parse(time)).toBeLessThanOrEqual(completed);
    }
  });
});

describe('settings', () => {
  it('have the ports of the house unless moved', () => {
    expect(readSettings([], {}).ports).toEqual({
      reporting: 8080,
      'dossier-intake': 8081,
      'edocument-workflow': 8082,
      'index-scoring': 8083,
    });
    expect(portVariable('dossier-intake')).toBe('PORT_DOSSIER_INTAKE');
    expect(readSettings(['--fresh'], { PORT_REPORTING: '9090' })).toMatchObject({ fresh: true, ports: { reporting: 9090 } });
  });

  it.each([
    [['--frsh'], {}, '--frsh'],
    [[], { PORT_REPORTING: 'http' }, 'PORT_REPORTING'],
    [[], { PORT_REPORTING: '8081' }, 'same port'],
    [['--fresh'], { POSTGRES_URL: 'postgresql://h' }, 'POSTGRES_URL'],
  ])('refuse %j with %j', (args, env, named) => {
    expect(() => readSettings(args, env)).toThrow(StartError);
    expect(() => readSettings(args, env)).toThrow(named);
  });

  it('know which Node.js is new enough', () => {
    expect(['20.19.0', '20.20.2', '22.1.0', '24.0.0'].filter((version) => !isNewEnough(version))).toEqual([]);
    expect(['18.20.4', '20.18.3', '16.0.0'].filter((version) => isNewEnough(version))).toEqual([]);
  });
});
