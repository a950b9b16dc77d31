/** What other tools take from `par`: its poster and its view of the balance sheet. */
export { readBalances, type Reading, type ServiceUrls } from './balance-reading.ts';
export { inFlight, isSettled, type BalanceSheet, type InFlight } from './balance-sheet.ts';
export { Mistake } from './mistake.ts';
export { EventPoster, type PostingOptions } from './post-events/event-poster.ts';
export { type AnswerListener, type EventResult, type Postable } from './post-events/posting-report.ts';
export { RunningCity } from './running-city.ts';
export { getJson } from './service-client.ts';
export { amountOf, waitUntilSettled } from './settling.ts';
