export * from './edxml-message.ts';
export { EDXML_LIMITS, type EdxmlLimits, type MarkCheck } from './edxml-stream.ts';
export { oldFormOf, type OrganCode, parseOrganCode } from './organ-code.ts';
export { readEdxml } from './read-edxml.ts';
export {
  type NamedOrgan,
  type OutgoingDocument,
  type OutgoingFile,
  type OutgoingStatus,
  writeDocument,
  writeStatus,
  type WrittenReference,
} from './write-edxml.ts';
