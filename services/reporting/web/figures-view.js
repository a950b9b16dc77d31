// The table of indicators: a group per goal, a row per indicator with the city's total, its other counting rules folded away behind it.

import { element, setText } from './element.js';
import { figureCells, provenance } from './figure-row.js';

export function figuresView({ table, summary, onPick, onWhy }) {
  const rows = new Map();
  const groups = new Map();
  /** Indicators whose other counting rules are shown. */
  const open = new Set();
  let lastChosen;
  let last;

  function groupOf(goal) {
    let group = groups.get(goal);
    if (!group) {
      const title = element('th', { colspan: '6', scope: 'rowgroup' });
      group = { title, body: element('tbody', {}, element('tr', { class: 'goal' }, title)) };
      groups.set(goal, group);
      table.append(group.body);
    }
    return group;
  }

  function rowOf(key, indicator) {
    let row = rows.get(key);
    if (!row) {
      const cells = figureCells({ onWhy, withTarget: true });
      const pick = element('button', { type: 'button', class: 'pick', click: () => onPick(key) });
      const rule = element('span', { class: 'details' });
      const details = element('span', { class: 'details' });
      const fold = element('button', { type: 'button', class: 'fold', 'aria-expanded': 'false', click: () => turn(indicator) });
      const node = element('tr', {}, element('th', { scope: 'row' }, pick, rule, details, fold), ...cells.nodes);
      row = { node, pick, rule, details, fold, cells };
      rows.set(key, row);
    }
    return row;
  }

  function turn(indicator) {
    if (!open.delete(indicator)) open.add(indicator);
    view.update(...last);
  }

  function drop(key, row) {
    row.node.remove();
    rows.delete(key);
  }

  /** A counting rule that was chosen elsewhere must be seen; from then on the reader may fold it away again. */
  function reveal(totals, context) {
    if (context.chosen === lastChosen) return;
    lastChosen = context.chosen;
    const figure = totals.find((one) => context.keyOf(one) === context.chosen);
    if (figure && context.isVariant(figure)) open.add(figure.indicator);
  }

  const view = {
    /** `totals`: the city's row of each indicator and rule, in the order of the goals, the official rule of each indicator first. */
    update(totals, context) {
      last = [totals, context];
      const { words, language } = context;
      reveal(totals, context);
      const wanted = new Set(totals.map(context.keyOf));
      for (const [key, row] of rows) if (!wanted.has(key)) drop(key, row);
      const counts = { met: 0, 'not-met': 0, monitor: 0, 'no-data': 0 };
      const placed = new Map();
      for (const figure of totals) {
        const indicator = context.indicatorOf(figure);
        const group = groupOf(indicator.goal);
        setText(group.title, context.goalName(indicator.goal));
        const variant = context.isVariant(figure);
        const key = context.keyOf(figure);
        const row = rowOf(key, figure.indicator);
        const place = (placed.get(group) ?? 0) + 1;
        placed.set(group, place);
        if (group.body.children[place] !== row.node) group.body.insertBefore(row.node, group.body.children[place] ?? null);
        row.node.classList.toggle('variant', variant);
        row.node.classList.toggle('chosen', key === context.chosen);
        row.node.hidden = variant && !open.has(figure.indicator);
        row.pick.setAttribute('aria-pressed', String(key === context.chosen));
        const rule = context.ruleName(figure);
        const version = figure.ruleVersion;
        setText(row.pick, variant ? rule : indicator.name[language]);
        setText(row.rule, variant ? words.version(version) : (indicator.parts ? words.cause : words.rule)(rule, version));
        setText(row.details, variant ? '' : provenance(figure, context.timeZone, context));
        const others = variant ? 0 : totals.filter((one) => one.indicator === figure.indicator && context.isVariant(one)).length;
        row.fold.hidden = others === 0;
        row.fold.setAttribute('aria-expanded', String(others > 0 && open.has(figure.indicator)));
        setText(row.fold, others === 0 ? '' : (indicator.parts ? words.otherCauses : words.otherRules)(others));
        row.cells.update(figure, context, row.node);
        if (!variant) counts[figure.state] += 1;
      }
      setText(summary, totals.length === 0 ? '\u00a0' : words.summary(counts.met, counts['not-met'], counts.monitor, counts['no-data']));
    },
    tick(context) {
      for (const row of rows.values()) row.cells.tick(context);
    },
  };
  return view;
}
