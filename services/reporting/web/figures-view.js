// The table of indicators: a group per goal, a row per indicator and counting rule, the city's total in each.

import { element, setText } from './element.js';
import { figureCells, provenance } from './figure-row.js';

export function figuresView({ table, summary, onPick, onWhy }) {
  const rows = new Map();
  const groups = new Map();

  function groupOf(goal) {
    let group = groups.get(goal.id);
    if (!group) {
      const title = element('th', { colspan: '6', scope: 'rowgroup' });
      group = { title, body: element('tbody', {}, element('tr', { class: 'goal' }, title)) };
      groups.set(goal.id, group);
      table.append(group.body);
    }
    return group;
  }

  function rowOf(key, goal) {
    let row = rows.get(key);
    if (!row) {
      const cells = figureCells({ onWhy, withTarget: true });
      const pick = element('button', { type: 'button', class: 'pick', click: () => onPick(key) });
      const rule = element('span', { class: 'details' });
      const details = element('span', { class: 'details' });
      const node = element('tr', {}, element('th', { scope: 'row' }, pick, rule, details), ...cells.nodes);
      row = { node, pick, rule, details, cells };
      rows.set(key, row);
      groupOf(goal).body.append(node);
    }
    return row;
  }

  return {
    /** `totals`: the city's row of each indicator and rule, in the order of the goals. */
    update(totals, context) {
      const { words, language, catalogue } = context;
      const wanted = new Set(totals.map(context.keyOf));
      for (const [key, row] of rows) {
        if (wanted.has(key)) continue;
        row.node.remove();
        rows.delete(key);
      }
      const counts = { met: 0, 'not-met': 0, monitor: 0, 'no-data': 0 };
      for (const figure of totals) {
        const indicator = context.indicatorOf(figure);
        const goal = catalogue.goals.find(({ id }) => id === indicator.goal);
        const rule = indicator.rules.find(({ id }) => id === figure.rule);
        setText(groupOf(goal).title, words.goal(goal.id, goal[language]));
        const key = context.keyOf(figure);
        const row = rowOf(key, goal);
        const variant = rule !== undefined && !rule.official;
        row.node.classList.toggle('variant', variant);
        row.node.classList.toggle('chosen', key === context.chosen);
        row.pick.setAttribute('aria-pressed', String(key === context.chosen));
        const ruleName = rule?.[language] ?? figure.rule;
        setText(row.pick, variant ? words.otherRule(ruleName, figure.ruleVersion) : indicator.name[language]);
        setText(row.rule, variant ? '' : words.rule(ruleName, figure.ruleVersion));
        setText(row.details, provenance(figure, context.timeZone, context));
        row.cells.update(figure, context, row.node);
        if (!variant) counts[figure.state] += 1;
      }
      setText(summary, totals.length === 0 ? '\u00a0' : words.summary(counts.met, counts['not-met'], counts.monitor, counts['no-data']));
    },
    tick(context) {
      for (const row of rows.values()) row.cells.tick(context);
    },
  };
}
