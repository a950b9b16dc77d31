import { Injectable } from '@nestjs/common';

/** The one place where the time of day comes from, so that specs can set it. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
