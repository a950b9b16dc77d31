// Small parts that the views share. Text is always set as text, never as markup.

/** An element with attributes (functions become listeners) and children. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value);
    else if (value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** Sets text only when it differs, so that nothing is read out or painted again for nothing. Returns whether it did. */
export function setText(target, text) {
  if (target.textContent === text) return false;
  target.textContent = text;
  return true;
}

/**
 * Fills a list only when it differs, so that an open one is not closed under the reader's hand. `wanted`: pairs of value and text, or groups of them
 * with a label.
 */
export function options(select, wanted, value) {
  const now = JSON.stringify(wanted);
  if (select.dataset.options !== now) {
    select.dataset.options = now;
    const one = ([id, text]) => element('option', { value: id }, text);
    select.replaceChildren(
      ...wanted.map((each) => (Array.isArray(each) ? one(each) : element('optgroup', { label: each.label }, ...each.entries.map(one)))),
    );
  }
  select.value = value;
}

/** Lets a value flash because it moved. */
export function flash(target) {
  target.classList.remove('moved');
  // Reading a size makes the browser start the animation anew.
  void target.offsetWidth;
  target.classList.add('moved');
  setTimeout(() => target.classList.remove('moved'), 2_500);
}

const SVG = 'http://www.w3.org/2000/svg';

/** A bar from 0 to 100 with a mark at the target, for shares and points. Decoration: the number stands beside it. */
export function gauge() {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'gauge');
  svg.setAttribute('aria-hidden', 'true');
  const rect = (name) => {
    const made = document.createElementNS(SVG, 'rect');
    made.setAttribute('class', name);
    svg.append(made);
    return made;
  };
  const place = (target, x, y, width, height) => {
    for (const [name, value] of Object.entries({ x, y, width, height })) target.setAttribute(name, value);
  };
  const room = rect('room');
  const part = rect('part');
  const mark = rect('goal-mark');
  place(room, 0, 2.5, '100%', 5);
  return {
    node: svg,
    update({ value, target, measure }) {
      svg.toggleAttribute('hidden', measure === 'count' || measure === 'rank');
      place(part, 0, 2.5, `${Math.min(value ?? 0, 100)}%`, 5);
      if (target?.value !== undefined) place(mark, target.value >= 100 ? '99.2%' : `${target.value}%`, 0, 2, 10);
      else place(mark, 0, 0, 0, 0);
    },
  };
}
