import { type Bilingual } from '@par/service-kit';

/** What a rule says, in one line, and where it comes from. */
export interface RuleText {
  version: number;
  text: Bilingual;
  /** Article, form or published figure; "ours" where there is none. */
  source: string;
}
