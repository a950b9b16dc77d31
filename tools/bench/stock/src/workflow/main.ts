// The stock way's middle service.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { serverOf, WORKFLOW_QUEUE } from '../rabbit.ts';
import { WorkflowModule } from './workflow.module.ts';

const app = await NestFactory.createMicroservice(WorkflowModule, { ...serverOf(WORKFLOW_QUEUE), logger: ['error', 'warn'] });
app.enableShutdownHooks();
await app.listen();
process.stdout.write(`consuming ${WORKFLOW_QUEUE}\n`);
