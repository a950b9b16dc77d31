import { Injectable } from '@nestjs/common';
import type { Organisation } from '@par/administration';
import { OrganisationRegister } from '@par/organisation';
import { KeptPages } from '@par/service-kit';
import { ChangeFeed } from './change-feed.ts';

/** Answers made from published figures and the organisation, kept until one of them moves. */
@Injectable()
export class FigurePages extends KeptPages<{ feed: string; organisation: Organisation }> {
  constructor(feed: ChangeFeed, register: OrganisationRegister) {
    super(async () => {
      const [version, organisation] = await Promise.all([feed.version(), register.latest()]);
      return { feed: version, organisation };
    });
  }
}
