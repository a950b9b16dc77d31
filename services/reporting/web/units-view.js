// The table of units for the chosen indicator and counting rule.

import { element, setText } from './element.js';
import { ageOf, figureCells } from './figure-row.js';

export function unitsView({ table, body, empty, onWhy }) {
  const rows = new Map();
  let sort = { by: 'name', descending: false };
  let last;

  for (const button of table.querySelectorAll('[data-sort]')) {
    button.addEventListener('click', () => {
      const by = button.dataset.sort;
      sort = { by, descending: sort.by === by ? !sort.descending : false };
      for (const other of table.querySelectorAll('[data-sort]')) other.closest('th').removeAttribute('aria-sort');
      button.closest('th').setAttribute('aria-sort', sort.descending ? 'descending' : 'ascending');
      if (last) view.update(...last);
    });
  }

  function compare(a, b, context) {
    // What is reported beside the city stands below it, however the column is sorted.
    if (Boolean(a.beside) !== Boolean(b.beside)) return a.beside ? 1 : -1;
    const byName = context.nameOf(a).localeCompare(context.nameOf(b), context.language, { numeric: true });
    if (sort.by === 'name') return sort.descending ? -byName : byName;
    const key = (figure) => (sort.by === 'value' ? figure.value : ageOf(figure, context.receivedAt));
    const [x, y] = [key(a), key(b)];
    // Silence has no rank: it stands at the end whichever way the column is sorted.
    if (x === null || y === null) return x === y ? byName : x === null ? 1 : -1;
    return (sort.descending ? y - x : x - y) || byName;
  }

  const view = {
    update(figures, context) {
      last = [figures, context];
      const wanted = new Set(figures.map(({ unit }) => unit));
      for (const [unit, row] of rows) {
        if (wanted.has(unit)) continue;
        row.node.remove();
        rows.delete(unit);
      }
      const ordered = [...figures].sort((a, b) => compare(a, b, context));
      ordered.forEach((figure, index) => {
        let row = rows.get(figure.unit);
        if (!row) {
          const cells = figureCells({ onWhy, withTarget: false });
          const name = element('span');
          const note = element('span', { class: 'details' });
          row = {
            name,
            note,
            cells,
            node: element('tr', {}, element('th', { scope: 'row', class: 'unit-name' }, name, note), ...cells.nodes),
          };
          rows.set(figure.unit, row);
        }
        setText(row.name, context.nameOf(figure));
        setText(row.note, figure.beside ? context.words.beside : '');
        row.node.classList.toggle('beside', Boolean(figure.beside));
        row.cells.update(figure, context, row.node);
        if (body.children[index] !== row.node) body.insertBefore(row.node, body.children[index] ?? null);
      });
      table.hidden = figures.length === 0;
      empty.hidden = figures.length > 0;
      setText(empty, context.words.noUnits);
    },
    tick(context) {
      for (const row of rows.values()) row.cells.tick(context);
    },
  };
  return view;
}
