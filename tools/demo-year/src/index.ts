export { demoYear, type DemoYearOptions } from './demo-year.ts';
export { DAY, midnightOf, YEAR_FROM, YEAR_TO } from './office-time.ts';
