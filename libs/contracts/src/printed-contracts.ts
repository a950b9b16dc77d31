import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { asyncapiDocument, withProse } from './asyncapi-document.ts';
import { brokerDefinitions } from './broker-definitions.ts';
import { readClassProse, type ClassProse } from './class-prose.ts';
import { nestedClassOf, type JsonSchema } from './data-schema.ts';
import { envelopeSchemaOf, postedSchemaOf } from './envelope-schema.ts';
import { DOOR_OF, EVENT_CLASSES, EVENT_TYPES, type EventType } from './event-types.ts';

/** The golden sample of a type: one full stamped event, frozen for as long as the type lives. */
export function readSample(type: EventType): object {
  return JSON.parse(readFileSync(new URL(`../samples/${type}.json`, import.meta.url), 'utf8')) as object;
}

/** Everything that is printed from the event classes and the topology: path from the root of the repository → text of the file. */
export function printedContracts(): Map<string, string> {
  const prose = readClassProse(new URL('./events/', import.meta.url));
  const describe = (type: EventType, data: JsonSchema) => describeClass(EVENT_CLASSES[type], data, prose);
  const samples = Object.fromEntries(EVENT_TYPES.map((type) => [type, readSample(type)])) as Record<EventType, object>;

  const files = new Map<string, string>();
  for (const type of EVENT_TYPES) {
    files.set(`libs/contracts/schemas/${type}.json`, json(withProse(envelopeSchemaOf(type), type, describe)));
    if (DOOR_OF[type]) files.set(`libs/contracts/schemas/posted/${type}.json`, json(withProse(postedSchemaOf(type), type, describe)));
  }
  files.set(
    'libs/contracts/asyncapi.yaml',
    stringify(asyncapiDocument(samples, describe), { aliasDuplicateObjects: false, lineWidth: 140 }),
  );
  files.set('deploy/rabbitmq/definitions.json', json(brokerDefinitions()));
  return files;
}

function describeClass(target: new () => object, schema: JsonSchema, prose: Map<string, ClassProse>): JsonSchema {
  const own = prose.get(target.name);
  const properties = Object.entries(schema.properties ?? {}).map(([name, property]): [string, JsonSchema] => {
    const nested = nestedClassOf(target, name);
    const described = nested ? describeClass(nested, property, prose) : property;
    const description = own?.properties[name] ?? described.description;
    return [name, description === undefined ? described : { ...described, description }];
  });
  return { ...(own?.description !== undefined && { description: own.description }), ...schema, properties: Object.fromEntries(properties) };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
