import { type Bilingual } from '@par/service-kit';

/** What a rule says, in one line, and where it comes from. */
export interface RuleText {
  version: number;
  text: Bilingual;
  /** Article, form or published figure; "ours" where there is none. */
  source: string;
  /**
   * Since when it is the rule: the date of its source (`YYYY-MM-DD`, or the year where no more is known) or, where it is ours or read from practice, of this
   * version. Which rule judges a year says the plan of that year.
   */
  since: string;
}
