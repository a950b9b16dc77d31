import { readFileSync } from 'node:fs';
import { type ProducerEvent } from '@par/contracts';
import { type UnitEvent } from './unit-history.ts';

/**
 * The organisation of Huế city in 2021 as events for the front door, each unit above before those below: the city, 12 departments,
 * 27 wards to 30/06/2021, 29 wards and 7 communes from 01/07/2021 (Resolution 1264/NQ-UBTVQH14 of 27/04/2021). Where each fact
 * comes from stands in `data/hue/README.md`. Ids are stable: posting again gives duplicates.
 */
export function hueOrganisation(): ProducerEvent<UnitEvent['type']>[] {
  const text = readFileSync(new URL('../data/hue/organisation.json', import.meta.url), 'utf8');
  return JSON.parse(text) as ProducerEvent<UnitEvent['type']>[];
}
