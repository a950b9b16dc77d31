import { describe, expect, it } from '@jest/globals';
import { EdxmlDestinations } from './edxml-destinations.ts';

const of = (destinations: EdxmlDestinations, organ: string): unknown => {
  const found = destinations.of(organ);
  return found && [found.url.href, found.token];
};

describe('where messages go', () => {
  it('is told by a list, with a gateway for all others', () => {
    const destinations = EdxmlDestinations.read(' 000.00.901.H57=https://a.vn/x?k=v , *=http://axis.vn/in?unit={organ}', 't');
    expect(of(destinations, 'H57.901')).toEqual(['https://a.vn/x?k=v', 't']);
    expect(of(destinations, 'H41')).toEqual(['http://axis.vn/in?unit=H41', 't']);
  });

  it('is told by JSON, each with a token of its own or the common one', () => {
    const destinations = EdxmlDestinations.read('{"H57.901":{"url":"https://a.vn","token":"own"},"H57.902":"https://b.vn"}', 'common');
    expect(of(destinations, 'H57.901')).toEqual(['https://a.vn/', 'own']);
    expect(of(destinations, 'H57.902')).toEqual(['https://b.vn/', 'common']);
    expect(of(destinations, 'H41')).toBeUndefined();
  });

  it('may be nowhere: then nothing is sent', () => {
    const nowhere = EdxmlDestinations.read('');
    expect([nowhere.isOn, nowhere.of('H57')]).toEqual([false, undefined]);
    expect(EdxmlDestinations.read('*=http://a.vn').isOn).toBe(true);
    expect(EdxmlDestinations.read('*=http://a.vn').of('H57')).not.toHaveProperty('token');
  });

  it.each([
    ['H57.901', 'written identifier=address'],
    ['57=https://a.vn', '"57" is neither'],
    ['H57=ftp://a.vn', 'address of H57'],
    ['H57=https://a.vn,000.00.00.H57=https://b.vn', 'H57 has two'],
    ['{"H57":', 'is none'],
    ['{"H57":{"token":"hidden"}}', 'H57 needs an address'],
  ])('%s is refused with words', (text, words) => {
    expect(() => EdxmlDestinations.read(text)).toThrow(words);
    expect(() => EdxmlDestinations.read(text)).not.toThrow('hidden');
  });
});
