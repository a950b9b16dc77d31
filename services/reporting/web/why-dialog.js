// "Why this number?": the dossiers in the numerator, and those that are in the denominator only, with the reasons.

import { countsText, valueText, wholeNumber } from './format.js';
import { element, setText } from './element.js';

const PAGE = 50;

export function whyDialog(find) {
  const dialog = find('why');
  const tabs = { numerator: find('why-numerator'), rest: find('why-rest') };
  const body = find('why-body');
  const empty = find('why-empty');
  const more = find('why-more');
  let figure;
  let context;
  let part = 'numerator';
  let next;
  // Answers of an earlier question that come late are dropped.
  let question = 0;

  find('why-close').addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  more.addEventListener('click', () => load());
  for (const [name, tab] of Object.entries(tabs)) tab.addEventListener('click', () => choose(name));
  dialog.querySelector('[role=tablist]').addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
    choose(part === 'numerator' ? 'rest' : 'numerator');
    tabs[part].focus();
  });

  function choose(name) {
    part = name;
    next = undefined;
    body.replaceChildren();
    for (const [other, tab] of Object.entries(tabs)) {
      tab.setAttribute('aria-selected', String(other === name));
      tab.tabIndex = other === name ? 0 : -1;
    }
    void load();
  }

  async function load() {
    const asked = (question += 1);
    const { words } = context;
    empty.hidden = true;
    more.hidden = true;
    const query = new URLSearchParams({ part, limit: String(PAGE), ...(next ? { after: next } : {}) });
    try {
      const response = await fetch(`v1/figures/${encodeURIComponent(figure.id)}/why?${query}`);
      if (!response.ok) throw new Error(String(response.status));
      const answer = await response.json();
      if (asked !== question) return;
      for (const item of answer.items) {
        body.append(
          element(
            'tr',
            {},
            // A state figure counts units: they are named, dossiers keep their code.
            element('th', { scope: 'row' }, item.subject === item.unit ? context.unitName(item.unit) : item.subject),
            element('td', {}, context.unitName(item.unit)),
            element('td', {}, item.month ?? ''),
            element('td', {}, reasonsOf(item)),
          ),
        );
      }
      next = answer.next ?? undefined;
      more.hidden = next === undefined;
      say(body.children.length === 0 ? words.noDossiers : undefined);
    } catch {
      if (asked !== question) return;
      say(words.whyFailed);
      more.hidden = false;
    }
  }

  /** An item that stands for several, such as the staff of a unit, says how many of how many count. */
  function reasonsOf(item) {
    const { words, language } = context;
    const share = item.denominator === undefined ? [] : [countsText(item, language)];
    return [...share, ...(item.reasons ?? []).map((reason) => words.reasons[reason] ?? reason)].join(', ');
  }

  function say(text) {
    empty.hidden = text === undefined;
    setText(empty, text ?? '');
  }

  return {
    open(shown, withContext) {
      figure = shown;
      context = withContext;
      const { words, language } = context;
      setText(find('why-title'), words.whyOf(context.indicatorOf(figure).name[language]));
      const parts = [context.nameOf(figure), context.ruleName(figure), valueText(figure, language), countsText(figure, language)];
      setText(find('why-figure'), parts.filter((text) => text).join(' · '));
      setText(tabs.numerator, words.counted(wholeNumber(figure.numerator, language)));
      setText(tabs.rest, words.notCounted(wholeNumber(figure.denominator - figure.numerator, language)));
      dialog.showModal();
      choose('numerator');
    },
  };
}
