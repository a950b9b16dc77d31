export { type ProducerEvent } from '@par/contracts';
export { parseDossierCode, type DossierCode } from './dossier-code.ts';
export { figureId, parseFigureId, stateOf } from './figure.ts';
export { hueOrganisation } from './hue-organisation.ts';
export { CHANNEL_LABELS, channelOfNationalCode, nationalCodeOf, UNIT_KIND_LABELS, type Label } from './labels.ts';
export { isInForce, Organisation, type Unit } from './organisation.ts';
export {
  containsMonth,
  endOfPeriod,
  firstDayOf,
  isTimeZone,
  lastDayOf,
  localDate,
  monthOf,
  monthsIn,
  parsePeriod,
  type Period,
} from './period.ts';
export { type OrganisationFinding, type UnitEvent, type UnitName } from './unit-history.ts';
