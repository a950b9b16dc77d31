export { askedPeriod } from './asked-period.ts';
export * from './organisation-register.ts';
export * from './organisation.module.ts';
export { type ShownUnit } from './show-units.controller.ts';
