export { demoYear, type DemoYearOptions } from './demo-year.ts';
export { INCOMING_DOCUMENT, type IncomingStep, type IncomingWalk, walkIncomingDocument } from './incoming-document.ts';
export { DAY, midnightOf, YEAR_FROM, YEAR_TO } from './office-time.ts';
