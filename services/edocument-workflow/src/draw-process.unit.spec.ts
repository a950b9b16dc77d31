import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { SaxesParser } from 'saxes';
import { drawProcess } from './draw-process.ts';
import { readProcess } from './read-process.ts';
import { bpmn } from './spec-process.ts';

const FOLDER = new URL('../processes/', import.meta.url);
const titlesOf = (svg: string): string[] => {
  const titles: string[] = [];
  const open: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => open.push(name));
  parser.on('closetag', () => open.pop());
  parser.on('text', (text) => {
    if (open.at(-1) === 'title') titles.push(text);
  });
  parser.write(svg).close();
  return titles;
};

describe('the picture of a process', () => {
  it.each(readdirSync(FOLDER).filter((file) => file.endsWith('.bpmn')))('%s shows every step, as well-formed SVG', async (file) => {
    const xml = readFileSync(new URL(file, FOLDER), 'utf8');
    const reading = await readProcess(xml);
    const names = reading.ok ? [...reading.process.steps.values()].map(({ name }) => name) : [];
    expect(titlesOf((await drawProcess(xml))!).sort()).toEqual(names.sort());
  });

  it('marks where a dossier is and what is done', async () => {
    const xml = readFileSync(new URL('outgoing-document.bpmn', FOLDER), 'utf8');
    const svg = (await drawProcess(
      xml,
      new Map([
        ['draft', 'done'],
        ['submit', 'on'],
      ]),
    ))!;
    expect(svg.match(/class="box done"/g)).toHaveLength(1);
    expect(svg.match(/class="box on"/g)).toHaveLength(1);
  });

  it('is none where the file has none, and holds no script whatever a name says', async () => {
    expect(await drawProcess(bpmn('s>A A>e'))).toBeUndefined();
    const xml = readFileSync(new URL('outgoing-document.bpmn', FOLDER), 'utf8').replaceAll('Phát hành', '&lt;script&gt;x&lt;/script&gt;');
    expect(await drawProcess(xml)).not.toContain('<script');
  });
});
