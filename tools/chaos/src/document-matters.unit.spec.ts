import { describe, expect, it } from '@jest/globals';
import { DOOR_OF, type ProducerEvent } from '@par/contracts';
import { demoYear } from '@par/demo-year';
import { asksForNumber, SHARE_OF_DOCUMENTS, withDocuments } from './document-matters.ts';

const year = [...demoYear({ dossiers: 300, seed: 1 })];
const units = year.filter(({ type }) => type.startsWith('vn.par.unit.'));
const others = year.slice(units.length);

describe('the documents among the events of chaos', () => {
  let numbers = 0;
  const all = [...withDocuments(others, units, 7, () => (numbers += 1))];
  const added = all.filter(({ source }) => source.startsWith('urn:par:chaos:'));

  it('leave the other events as they are, and are the same for the same seed', () => {
    expect(all.filter(({ source }) => !source.startsWith('urn:par:chaos:'))).toEqual(others);
    expect([...withDocuments(others, units, 7)]).toEqual(all);
    expect([...withDocuments(others, units, 8)]).not.toEqual(all);
  });

  it('are as many as is said beforehand', () => {
    expect(added.length / others.length).toBeGreaterThan(SHARE_OF_DOCUMENTS * 0.8);
    expect(added.length / others.length).toBeLessThan(SHARE_OF_DOCUMENTS * 1.2);
  });

  it('go through both registers and the process, each under an identity of its own', () => {
    const typesOf = (events: readonly ProducerEvent[]): Set<string> => new Set(events.map(({ type }) => type));
    expect(typesOf(added)).toEqual(
      new Set(
        ['document.numbered', 'document.issued', 'document.arrived', 'document.registered', 'document.assigned', 'document.completed']
          .concat('work-dossier.opened', 'work-dossier.step-taken', 'work-dossier.completed')
          .map((type) => `vn.par.${type}.v1`),
      ),
    );
    expect(new Set(added.map(({ type }) => DOOR_OF[type]))).toEqual(new Set(['edocument-workflow']));
    expect(new Set(added.map(({ source, id }) => `${source} ${id}`)).size).toBe(added.length);
  });

  it('tell of each number that is asked for, also by the documents of the year, each for another document, unit or direction', () => {
    const asked = all.filter(asksForNumber);
    expect(numbers).toBe(asked.length);
    expect(new Set(asked.map(({ subject, unit, type }) => `${subject} ${unit} ${type}`)).size).toBe(numbers);
    const ofYear = asked.filter((event) => !added.includes(event));
    expect(ofYear.length).toBeGreaterThan(0);
    // Some units of the year keep their registers themselves: of these nothing is asked.
    expect(ofYear.length).toBeLessThan(others.filter(({ type }) => /^vn\.par\.document\.(numbered|registered)\./.test(type)).length);
  });
});
