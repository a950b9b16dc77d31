// The stock way's counting service.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { SCORING_QUEUE, serverOf } from '../rabbit.ts';
import { ScoringModule } from './scoring.module.ts';

const app = await NestFactory.createMicroservice(ScoringModule, { ...serverOf(SCORING_QUEUE), logger: ['error', 'warn'] });
app.enableShutdownHooks();
await app.listen();
process.stdout.write(`consuming ${SCORING_QUEUE}\n`);
