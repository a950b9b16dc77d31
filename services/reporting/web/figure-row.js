// What the table of indicators and the table of units have in common: a row of a figure that updates in place.

import { age, bandOf, countsText, dateAndTime, targetText, valueText } from './format.js';
import { element, flash, gauge, setText } from './element.js';

/** The seconds since a figure was last counted, by the server's clock; null where it never was. */
export function ageOf(figure, receivedAt) {
  const { seconds } = figure.freshness;
  return seconds === null ? null : seconds + Math.max(0, (performance.now() - receivedAt) / 1_000);
}

export function freshnessText(figure, receivedAt, { language, words }) {
  const seconds = ageOf(figure, receivedAt);
  return seconds === null ? words.never : age(seconds, language);
}

/** Up to when a figure tells, and its newest event. */
export function provenance(figure, timeZone, { language, words }) {
  const parts = [figure.period === 'now' ? words.asOfNow : words.cutOff(dateAndTime(figure.cutOff, timeZone, language))];
  if (figure.lastEvent) parts.push(words.lastEvent(dateAndTime(figure.lastEvent.time, timeZone, language)));
  return parts.join(' · ');
}

/** The cells of a figure: value with its band and bar, counts, target, state, freshness. `update` changes only what differs and flashes what moved. */
export function figureCells({ onWhy, withTarget }) {
  const number = element('span', { class: 'percent' });
  const band = element('span', { class: 'band' });
  const bar = gauge();
  const value = element('td', { class: 'number value' });
  if (withTarget) value.append(number, band, bar.node);
  else value.append(element('span', { class: 'row' }, bar.node, number));
  const count = element('span', { class: 'count' });
  const counts = element('td', { class: 'number counts' }, count);
  const target = element('td', { class: 'number target' });
  const stateText = element('span', { class: 'state' });
  const state = element('td', { class: 'state-cell' }, stateText);
  const freshText = element('span');
  const why = element('button', { type: 'button', class: 'why-link', click: () => onWhy(shown) });
  const fresh = element('td', { class: 'fresh' }, freshText, ...(withTarget ? [element('br'), why] : []));
  let shown;

  return {
    nodes: withTarget ? [value, counts, target, state, fresh] : [value, counts, state, fresh, element('td', { class: 'why-cell' }, why)],
    update(figure, context, row) {
      const { language, words } = context;
      const moved = shown?.id === figure.id && (shown.numerator !== figure.numerator || shown.denominator !== figure.denominator);
      shown = figure;
      row.dataset.state = figure.beside && figure.denominator > 0 ? 'monitor' : figure.state;
      const text = valueText(figure, language);
      setText(number, text ?? '–');
      number.classList.toggle('silent', text === undefined);
      const name =
        figure.measure === 'points' ? bandOf(figure.numerator, figure.denominator, context.catalogue.bands, language) : undefined;
      setText(band, name === undefined ? '' : ` — ${name}`);
      bar.update(figure);
      setText(count, countsText(figure, language));
      setText(target, targetText(figure.target, language, figure.measure) ?? words.noTarget);
      target.classList.toggle('in-words', figure.target?.op === 'not-falling');
      target.dataset.label = words.columnTarget;
      // The city's target is not that of a body beside it.
      setText(stateText, figure.beside && figure.denominator > 0 ? words.besideState : words.states[figure.state]);
      setText(why, words.why);
      // A rank or a score has no dossiers behind it.
      why.hidden = !context.explains || figure.denominator === 0 || figure.measure === 'rank' || figure.measure === 'points';
      why.setAttribute('aria-label', words.whyOf(context.nameOf(figure)));
      this.tick(context);
      if (moved) {
        flash(number);
        flash(count);
      }
    },
    tick(context) {
      if (!shown) return;
      const text = freshnessText(shown, context.receivedAt, context);
      setText(freshText, text);
      if (shown.freshness.lastCountedAt) freshText.title = dateAndTime(shown.freshness.lastCountedAt, context.timeZone, context.language);
    },
  };
}
