import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { readProcess } from './read-process.ts';

const FOLDER = new URL('../processes/', import.meta.url);

describe('the processes that ship', () => {
  const files = readdirSync(FOLDER);

  it('are four', () =>
    expect(files.sort()).toEqual([
      'incoming-document.bpmn',
      'joint-procedure.bpmn',
      'one-stop-with-appraisal.bpmn',
      'outgoing-document.bpmn',
    ]));

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
