export * from './balance-sheet.ts';
export * from './batch-handler.ts';
export { BatchTransport } from './batch-transport.ts';
export { Broker, declareTopology, SERVICE_NAME } from './broker.ts';
export { type Delivery, type RawDelivery } from './delivery.ts';
export * from './messaging.module.ts';
export { Outbox } from './outbox.ts';
export * from './retry-policy.ts';
export { IdentitySource, type IdentityQuery } from './show-balance.controller.ts';
