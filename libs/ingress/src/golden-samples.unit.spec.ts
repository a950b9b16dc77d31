import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { hueOrganisation, Organisation, type UnitEvent } from '@par/administration';
import { type CloudEvent, DECLARED_TYPES, DOOR_OF, type Door, EVENT_TYPES, type EventType } from '@par/contracts';
import { judge, type Judgement } from './judgement.ts';

const now = new Date('2022-02-01T00:00:00.000Z');
const task = {
  source: 'urn:par:organisation:hue',
  id: 'opened-hue-to-cong-tac',
  type: 'vn.par.unit.opened.v1',
  subject: 'hue-to-cong-tac',
  unit: 'hue-to-cong-tac',
  time: '2021-01-01T00:00:00.000Z',
  received: '2021-01-01T00:00:00.000Z',
  data: { name: 'Tổ công tác', kind: 'department', parent: 'hue', validFrom: '2021-01-01', agency: false },
} as UnitEvent;
const organisation = Organisation.fold([...hueOrganisation().map((posted) => ({ ...posted, received: posted.time }) as UnitEvent), task]);

function sampleOf(type: EventType): CloudEvent {
  return JSON.parse(readFileSync(new URL(`../../contracts/samples/${type}.json`, import.meta.url), 'utf8')) as CloudEvent;
}

function judged(posted: object, door: Door, declares = true): Judgement {
  const producer = { name: 'spec', sources: ['*'], units: ['*'], declares };
  return judge(posted, { door, producer, organisation, now, network: 'tslcd', opened: new Map() });
}

describe.each(EVENT_TYPES.filter((type) => DOOR_OF[type]))('the golden sample of %s', (type) => {
  const { received, network, ...posted } = sampleOf(type);
  const door = DOOR_OF[type]!;

  it('is taken at its door, and comes out as it stands but for our stamps', () => {
    expect(judged(posted, door)).toMatchObject({ kind: 'taken', event: { ...posted, received: now.toISOString(), network: 'tslcd' } });
    expect([received, network]).not.toContain(undefined);
  });

  it('is refused at the other door, and with our stamps on it', () => {
    const other = door === 'dossier-intake' ? 'edocument-workflow' : 'dossier-intake';
    expect(judged(posted, other)).toMatchObject({ refusal: { code: 'event.wrong-door', field: 'type' } });
    expect(judged(sampleOf(type), door)).toMatchObject({ refusal: { code: 'event.unknown-attribute' } });
  });

  it(`is ${DECLARED_TYPES.has(type) ? 'refused from' : 'taken with'} a key that may not declare`, () => {
    expect(judged(posted, door, false)).toMatchObject(
      DECLARED_TYPES.has(type) ? { refusal: { code: 'producer.may-not-declare', field: 'type' } } : { kind: 'taken' },
    );
  });
});
