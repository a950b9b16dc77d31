export * from './edxml-message.ts';
export { EDXML_LIMITS, type EdxmlLimits, type MarkCheck } from './edxml-stream.ts';
export { oldFormOf, type OrganCode, parseOrganCode } from './organ-code.ts';
export { readEdxml } from './read-edxml.ts';
