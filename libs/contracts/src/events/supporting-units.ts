import { ArrayMaxSize, IsArray, IsOptional, Matches } from 'class-validator';
import { UNIT_ID } from './unit-opened.v1.ts';

/** Units that support the one that leads (phối hợp; Decree 30/2020 art. 23): up to 20 internal ids, or nothing. One rule for every event that names them. */
export function SupportingUnits(): PropertyDecorator {
  const rules = [IsOptional(), IsArray(), ArrayMaxSize(20), Matches(UNIT_ID, { each: true })];
  return (target, property) => {
    for (const rule of rules) rule(target, property);
  };
}
