import { type CaseFact, finishOf, type Moment } from './case-fact.ts';

/** What a rule says of one case: in the denominator, and in the numerator or not, with the reasons why not. */
export interface Verdict {
  /** The moment that decides unit and month. */
  moment: Moment;
  counts: boolean;
  reasons: string[];
}

/** A counting rule: pure, fact → verdict; undefined where the case is not in the denominator. */
export interface CountingRule {
  version: number;
  judge(fact: CaseFact): Verdict | undefined;
}

/**
 * Every counting rule by name. Facts are stored, rules are applied: the same facts give any number of rules, and a rule that changes
 * gets a new version.
 */
export const COUNTING_RULES: Record<string, CountingRule> = {
  /**
   * Finished not after the due instant ÷ finished with a due date (Biểu II.06a/VPCP/KSTT columns 7–10, compared by instant). A finished
   * dossier without a due date is in no class and stays outside; its month is the month in which it was finished.
   */
  'due-date': {
    version: 1,
    judge(fact) {
      const finish = finishOf(fact);
      const due = fact.received?.due;
      if (!finish || due === undefined) return undefined;
      const onTime = Date.parse(finish.at) <= Date.parse(due);
      return { moment: inUnitOfReceipt(finish, fact), counts: onTime, reasons: onTime ? [] : ['finished-after-due'] };
    },
  },

  /** Received online and returned online ÷ finished (goal 4c as written: "tiếp nhận, giao trả"). */
  'of-finished': {
    version: 1,
    judge(fact) {
      const finish = finishOf(fact);
      return finish && onlineBothWays(finish, fact);
    },
  },

  /** The same ÷ finished dossiers of procedures known to be at level 3 or 4 when received (TT 23/2018 art. 8.3b). */
  'of-online-procedures': {
    version: 1,
    judge(fact) {
      const finish = finishOf(fact);
      if (!finish || (fact.received?.onlineLevel ?? 0) < 3) return undefined;
      return onlineBothWays(finish, fact);
    },
  },

  /** Received online ÷ received, in the month of receipt: how the city's own 2020 report counted (3,764 / 33,450). */
  'received-online': {
    version: 1,
    judge({ received }) {
      if (!received) return undefined;
      const online = received.channel === 'online';
      return { moment: received, counts: online, reasons: online ? [] : [`received-by-${received.channel}`] };
    },
  },

  /** Closed and processed online ÷ closed work dossiers, as edocument-workflow judged (domain: goal 6a, 6b). */
  'every-step-on-network': {
    version: 1,
    judge({ closed }) {
      return closed && { moment: closed, counts: closed.processedOnline, reasons: closed.reasons };
    },
  },

  /** Finished dossiers whose every message, steps of the work dossier included, came over the dedicated network ÷ finished. */
  'every-message-on-tslcd': {
    version: 1,
    judge(fact) {
      const finish = finishOf(fact);
      if (!finish) return undefined;
      const counts = fact.messages > 0 && fact.messagesOnTslcd === fact.messages;
      return { moment: inUnitOfReceipt(finish, fact), counts, reasons: counts ? [] : ['message-over-internet'] };
    },
  },
};

/** Rules of figures that are a state at an instant; computed when read. */
export const STATE_RULES: Record<string, { version: number }> = {
  'accepted-connection': { version: 1 },
  'heard-within-hours': { version: 1 },
};

export function isKnownRule(rule: string, version: number): boolean {
  return (COUNTING_RULES[rule] ?? STATE_RULES[rule])?.version === version;
}

/** A dossier counts for the unit that received it, where that is known. */
function inUnitOfReceipt(moment: Moment, fact: CaseFact): Moment {
  return fact.received ? { ...moment, unit: fact.received.unit } : moment;
}

function onlineBothWays(finish: Moment, fact: CaseFact): Verdict {
  const reasons: string[] = [];
  if (fact.received?.channel !== 'online') reasons.push(fact.received ? `received-by-${fact.received.channel}` : 'receipt-not-known');
  if (fact.received?.onlineLevel !== undefined && fact.received.onlineLevel < 3) reasons.push('procedure-below-level-3');
  if (fact.returned?.channel !== 'online')
    reasons.push(fact.returned ? `returned-by-${fact.returned.channel ?? 'unknown-channel'}` : 'not-returned-yet');
  return { moment: inUnitOfReceipt(finish, fact), counts: reasons.length === 0, reasons };
}
