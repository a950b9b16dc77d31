import { dataSchemaOf, type JsonSchema } from './data-schema.ts';
import { type EventType } from './event-types.ts';
import { UNIT_ID } from './events/unit-opened.v1.ts';

const identifier: JsonSchema = { type: 'string', minLength: 1, maxLength: 200 };
const instant: JsonSchema = { type: 'string', format: 'date-time' };
const traceparent: JsonSchema = { type: 'string', pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$' };
const jsonContent: JsonSchema = { type: 'string', const: 'application/json' };

/** The schema of a whole event of a type as it travels over `par.events` and `par.metrics` (`CloudEvent`), closed. */
export function envelopeSchemaOf(type: EventType): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `urn:par:schema:${type}`,
    title: type,
    type: 'object',
    properties: {
      specversion: { type: 'string', const: '1.0' },
      id: { ...identifier, description: "The producer's id of the event; with `source` its identity for ever." },
      source: { ...identifier, format: 'uri-reference', description: 'Who says so.' },
      type: { type: 'string', const: type },
      subject: { ...identifier, description: 'The dossier code, work-dossier id, unit id or figure id that the event is about.' },
      time: { ...instant, description: 'When it happened, as the source says.' },
      datacontenttype: jsonContent,
      unit: { type: 'string', pattern: UNIT_ID.source, description: 'Internal id of the unit.' },
      sent: { ...instant, description: 'When the source sent it; absent where the source did not say.' },
      received: { ...instant, description: 'When PAR Ledger took it in; its UTC date is the day of the balance sheet.' },
      network: { type: 'string', enum: ['tslcd', 'internet'], description: 'The network it came over, stamped from the connection.' },
      traceparent,
      data: dataSchemaOf(type),
    },
    required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'unit', 'received', 'data'],
    additionalProperties: false,
  };
}

/** The schema of an event of a type as a producer posts it to a front door (`ProducerEvent`), closed. */
export function postedSchemaOf(type: EventType): JsonSchema {
  const { properties = {} } = envelopeSchemaOf(type);
  const { id, source, subject, time, sent, data } = properties as Record<
    'id' | 'source' | 'subject' | 'time' | 'sent' | 'data',
    JsonSchema
  >;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `urn:par:schema:${type}:posted`,
    title: `${type}, as posted`,
    type: 'object',
    properties: {
      specversion: { type: 'string', const: '1.0' },
      id,
      source,
      type: { type: 'string', const: type },
      subject,
      time,
      unit: { type: 'string', minLength: 1, maxLength: 200, description: 'Unit id, or official code in force at `time`.' },
      sent,
      datacontenttype: jsonContent,
      traceparent,
      data,
    },
    required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'unit', 'data'],
    additionalProperties: false,
  };
}
