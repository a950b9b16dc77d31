import { describe, expect, it } from '@jest/globals';
import { isLocalDate } from '@par/contracts';
import { readdirSync, readFileSync } from 'node:fs';
import { readProcess } from './read-process.ts';

const FOLDER = new URL('../processes/', import.meta.url);

describe('the processes that ship', () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.bpmn'));

  it('are four', () =>
    expect(files.sort()).toEqual([
      'incoming-document.bpmn',
      'joint-procedure.bpmn',
      'one-stop-with-appraisal.bpmn',
      'outgoing-document.bpmn',
    ]));

  it('are all said in shipped.json to be something', () => {
    const shipped = JSON.parse(readFileSync(new URL('shipped.json', FOLDER), 'utf8')) as {
      file: string;
      version: number;
      validFrom: string;
    }[];
    expect(shipped.map(({ file }) => file).sort()).toEqual(files.toSorted());
    expect(shipped.every(({ version, validFrom }) => version >= 1 && isLocalDate(validFrom))).toBe(true);
  });

  it.each(files)('%s can run, is named as its file, and says of every step who takes it', async (file) => {
    const reading = await readProcess(readFileSync(new URL(file, FOLDER), 'utf8'));
    if (!reading.ok) throw new Error(JSON.stringify(reading.mistakes, null, 1));
    const { process } = reading;
    expect(`${process.id}.bpmn`).toBe(file);
    expect([...process.steps.values()].filter(({ role }) => role === undefined)).toEqual([]);
    expect([...process.steps.values()].some(({ workingHours }) => workingHours !== undefined)).toBe(true);
    if (file !== 'incoming-document.bpmn') expect([...process.steps.values()].some(({ signature }) => signature)).toBe(true);
  });
});
