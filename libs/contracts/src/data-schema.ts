import 'reflect-metadata';
// @ts-expect-error class-transformer has no types for this file, and exports the storage of @Type nowhere else.
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { IS_ISO8601, ValidationTypes } from 'class-validator';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { EVENT_CLASSES, type EventType } from './event-types.ts';

/** The part of JSON Schema (draft 7) that our schemas use. */
export interface JsonSchema {
  $schema?: string;
  $id?: string;
  title?: string;
  description?: string;
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: false;
  items?: JsonSchema;
  const?: string;
  enum?: readonly (string | number | boolean)[];
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
}

type DataClass = new () => object;

interface TypeStorage {
  findTypeMetadata(target: unknown, property: string): { typeFunction(): DataClass } | undefined;
}
const typeStorage = defaultMetadataStorage as unknown as TypeStorage;

/**
 * Closed JSON Schema of a type's `data`, generated from its class-validator class, which stays the only description.
 * Nested classes are written in place: references by class name could meet a class of the same name from another library.
 * Two things are narrower than class-validator: an ISO 8601 field takes RFC 3339 instants only (`isInstant`), and an optional
 * field is left out, never `null`.
 */
export function dataSchemaOf(type: EventType): JsonSchema {
  return schemaOfClass(EVENT_CLASSES[type]);
}

/** The class of a nested property (`@Type(() => LastEvent)`), if it has one. */
export function nestedClassOf(target: DataClass, property: string): DataClass | undefined {
  return typeStorage.findTypeMetadata(target, property)?.typeFunction();
}

function schemaOfClass(target: DataClass): JsonSchema {
  const generated = targetConstructorToSchema(target, {
    additionalConverters: {
      [IS_ISO8601]: { type: 'string', format: 'date-time' },
      [ValidationTypes.NESTED_VALIDATION]: (meta) => {
        const nested = nestedClassOf(meta.target as DataClass, meta.propertyName);
        if (!nested) throw new Error(`${target.name}.${meta.propertyName} is nested but has no @Type`);
        return schemaOfClass(nested) as ReturnType<typeof targetConstructorToSchema>;
      },
    },
  }) as JsonSchema;
  // The generator knows nothing of a class without decorated properties; its schema is the empty object.
  return {
    type: 'object',
    properties: generated.properties ?? {},
    ...(generated.required && { required: generated.required }),
    additionalProperties: false,
  };
}
