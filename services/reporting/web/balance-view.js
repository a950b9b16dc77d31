// The balance sheet: what each service sent against what each other counted.

import { age, plainDate, wholeNumber } from './format.js';
import { element, flash, setText } from './element.js';

const MOST_DIFFERENCES = 20;
/** While sheets were written this lately, a difference is events on their way and no cause for alarm. */
const MOVING_SECONDS = 10;
/** Numbers of a flow with their titles, in the order of the table's head. */
const COLUMNS = [
  ['sent', 'columnSent'],
  ['counted', 'columnCounted'],
  ['inFlight', 'columnInFlight'],
  ['dead', 'columnDead'],
  ['healed', 'columnHealed'],
  ['surplus', 'columnSurplus'],
];

export function balanceView({ sentence, days, body, differences, list }) {
  const rows = new Map();

  function rowOf(key) {
    let row = rows.get(key);
    if (!row) {
      const way = element('th', { scope: 'row' });
      const numbers = Object.fromEntries(COLUMNS.map(([name]) => [name, element('td', { class: 'number' })]));
      const state = element('span', { class: 'state' });
      const node = element('tr', {}, way, ...Object.values(numbers), element('td', { class: 'state-cell' }, state));
      row = { way, numbers, state, node };
      rows.set(key, row);
      body.append(row.node);
    }
    return row;
  }

  function sentenceOf({ sent, counted, difference, equal }, moving, { words, language }) {
    const n = (value) => wholeNumber(value, language);
    if (sent === 0 && counted === 0) return ['no-data', words.balanceNone];
    if (equal) return ['met', words.balanceEqual(n(sent))];
    if (moving) return ['monitor', words.balanceMoving(n(sent), n(counted))];
    if (difference > 0) return ['not-met', words.balanceShort(n(sent), n(counted), n(difference))];
    if (difference < 0) return ['no-data', words.balanceAhead(n(sent), n(counted), n(-difference))];
    return ['not-met', words.balanceMixed(n(sent), n(counted))];
  }

  /** What was healed, and what nobody can explain. */
  function besideOf({ healed, surplus }, { words, language }) {
    const n = (value) => wholeNumber(value, language);
    return [...(healed > 0 ? [words.balanceHealed(n(healed))] : []), ...(surplus > 0 ? [words.balanceSurplus(n(surplus))] : [])];
  }

  function differenceText(row, { words, language }) {
    const n = (value) => wholeNumber(value, language);
    const service = (id) => words.services[id] ?? id;
    const unit = language === 'en' ? row.unitNameEn : row.unitName;
    const types = row.types
      .filter((type) => !type.equal)
      .map(
        ({ type, sent, counted }) =>
          `${words.types[type] ?? type} ${sent === counted ? words.sameCountOtherEvents : `${n(sent)} / ${n(counted)}`}`,
      );
    const where = words.difference(unit, plainDate(row.day, language), n(row.sent), n(row.counted));
    return `${service(row.from)} → ${service(row.to)} · ${where} (${types.join('; ')})`;
  }

  return {
    update(sheet, context) {
      const { words, language } = context;
      const seconds = sheet.advancedAt ? Math.max(0, (Date.parse(sheet.takenAt) - Date.parse(sheet.advancedAt)) / 1_000) : Infinity;
      const moving = seconds < MOVING_SECONDS;
      const [state, text] = sentenceOf(sheet.summary, moving, context);
      sentence.dataset.state = state;
      setText(sentence, [text, ...besideOf(sheet.summary, context)].join(' '));
      const updated = sheet.advancedAt ? age(seconds, language) : '';
      setText(days, sheet.from ? words.balanceDays(plainDate(sheet.from, language), plainDate(sheet.to, language), updated) : '\u00a0');
      for (const flow of sheet.flows) {
        const key = `${flow.from} ${flow.to}`;
        const isNew = !rows.has(key);
        const row = rowOf(key);
        row.node.dataset.state = flow.equal ? 'met' : moving ? 'monitor' : flow.difference < 0 ? 'no-data' : 'not-met';
        setText(row.way, `${words.services[flow.from] ?? flow.from} → ${words.services[flow.to] ?? flow.to}`);
        for (const [name, word] of COLUMNS) {
          const cell = row.numbers[name];
          const value = flow[name];
          cell.dataset.label = words[word];
          const before = cell.dataset.value;
          setText(cell, wholeNumber(value, language));
          if (!isNew && before !== String(value)) flash(cell);
          cell.dataset.value = value;
        }
        setText(row.state, flow.equal ? words.equal : moving ? words.moving : words.differs(wholeNumber(flow.differing, language)));
      }
      const differing = moving ? [] : sheet.rows.filter((row) => !row.equal);
      differences.hidden = differing.length === 0;
      const items = differing.slice(0, MOST_DIFFERENCES).map((row) => element('li', {}, differenceText(row, context)));
      if (differing.length > MOST_DIFFERENCES)
        items.push(element('li', {}, words.andMore(wholeNumber(differing.length - MOST_DIFFERENCES, language))));
      list.replaceChildren(...items);
    },
  };
}
