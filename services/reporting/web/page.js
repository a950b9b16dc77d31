// The page: what is chosen, what is asked for and when. The views only show.

import { balanceView } from './balance-view.js';
import { options, setText } from './element.js';
import { figuresView } from './figures-view.js';
import { follow } from './live.js';
import { paced } from './paced.js';
import { unitsView } from './units-view.js';
import { whyDialog } from './why-dialog.js';
import { LANGUAGES, wordsOf } from './words.js';

const find = (id) => document.getElementById(id);
const address = new URL(location.href);

/** What the reader chose; empty where the page chooses (the first city, the newest year with data). */
const chosen = {
  language: LANGUAGES.includes(address.searchParams.get('lang'))
    ? address.searchParams.get('lang')
    : (localStorage.getItem('language') ?? 'vi'),
  city: address.searchParams.get('city') ?? '',
  period: address.searchParams.get('period') ?? '',
  series: address.searchParams.get('series') ?? '',
};
const known = {
  catalogue: undefined,
  figures: [],
  receivedAt: 0,
  shownFor: '',
  balance: undefined,
  connection: 'connecting',
  failed: false,
};

const figures = figuresView({
  table: document.querySelector('table.figures'),
  summary: find('summary'),
  onPick: pickSeries,
  onWhy: openWhy,
});
const units = unitsView({
  table: document.querySelector('table.units'),
  body: find('units-body'),
  empty: find('units-empty'),
  onWhy: openWhy,
});
const balance = balanceView({
  sentence: find('balance-sentence'),
  days: find('balance-days'),
  body: find('flows-body'),
  differences: find('differences'),
  list: find('differences-list'),
});
const why = whyDialog(find);

// ---- what follows from the choices ----

function city() {
  const { cities } = known.catalogue;
  return cities.find(({ id }) => id === chosen.city) ?? cities.find(({ years }) => years.length > 0) ?? cities[0];
}

function period() {
  return chosen.period || city()?.years[0] || String(new Date().getFullYear());
}

const keyOf = ({ indicator, rule }) => `${indicator}~${rule}`;

function context() {
  const { language } = chosen;
  const { catalogue } = known;
  const totals = known.figures.filter(({ unit }) => unit === city()?.id);
  const words = wordsOf(language);
  // What was published by an indicator that this page does not know is shown by its id, after the goals.
  const unknown = ({ indicator }) => ({ id: indicator, name: { vi: indicator, en: indicator }, rules: [] });
  const indicatorOf = (figure) => catalogue.indicators.find(({ id }) => id === figure.indicator) ?? unknown(figure);
  const ruleOf = (figure) => indicatorOf(figure).rules.find(({ id }) => id === figure.rule);
  const names = new Map(known.figures.map((figure) => [figure.unit, language === 'en' ? figure.unitNameEn : figure.unitName]));
  return {
    language,
    words,
    catalogue,
    explains: catalogue.explains,
    timeZone: city()?.timeZone,
    receivedAt: known.receivedAt,
    totals,
    chosen: totals.some((figure) => keyOf(figure) === chosen.series) ? chosen.series : totals[0] && keyOf(totals[0]),
    keyOf,
    indicatorOf,
    goalName: (id) => (id === undefined ? words.otherIndicators : words.goal(id, catalogue.goals.find((goal) => goal.id === id)[language])),
    ruleName: (figure) => ruleOf(figure)?.[language] ?? figure.rule,
    /** Whether it is another way to count what a row above it counts. */
    isVariant: (figure) => !figure.official && totals.some((one) => one.indicator === figure.indicator && one.official),
    nameOf: (figure) => (language === 'en' ? figure.unitNameEn : figure.unitName),
    unitName: (unit) => names.get(unit) ?? unit,
  };
}

// ---- showing ----

function showAll() {
  const words = wordsOf(chosen.language);
  document.documentElement.lang = chosen.language;
  for (const target of document.querySelectorAll('[data-word]')) setText(target, words[target.dataset.word]);
  for (const button of document.querySelectorAll('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset.language === chosen.language));
  }
  showConnection();
  if (known.catalogue) showChoices();
  showFigures();
  showBalance();
}

function showConnection() {
  const words = wordsOf(chosen.language);
  find('live').dataset.state = known.connection;
  setText(find('live-text'), words[known.connection]);
  const lost = known.connection === 'lost';
  find('banner').hidden = !lost && !known.failed;
  setText(find('banner'), lost ? words.lostBanner : known.failed ? words.failedBanner : '');
}

function showChoices() {
  const { language } = chosen;
  const words = wordsOf(language);
  const { cities } = known.catalogue;
  const here = city();
  const nameOf = (one) => (language === 'en' ? one.nameEn : one.name);
  options(find('city'), cities.length === 0 ? [['', words.noCity]] : cities.map((one) => [one.id, nameOf(one)]), here?.id ?? '');
  const years = [...new Set([...(here?.years ?? []), ...(period() === 'all' ? [] : [period()])])].sort().reverse();
  const periods = years.map((year) => [year, /^\d{4}$/.test(year) ? words.year(year) : year]);
  options(find('period'), [...periods, ['all', words.allYears]], period());
  setText(find('city-name'), here ? nameOf(here) : words.noCity);
  setText(find('period-name'), ` · ${find('period').selectedOptions[0]?.textContent ?? ''}`);
  document.title = `${here ? `${nameOf(here)} · ` : ''}${words.product}`;
}

function showFigures() {
  if (!known.catalogue || known.shownFor === '') return;
  const now = context();
  figures.update(now.totals, now);
  const series = known.figures.filter((figure) => keyOf(figure) === now.chosen && figure.unit !== city()?.id);
  units.update(series, now);
  showSeries(now);
}

/** The list of indicators by goal, and what the chosen one divides by what. */
function showSeries(now) {
  const { language, words } = now;
  const nameOf = (figure) => now.indicatorOf(figure).name[language] + (now.isVariant(figure) ? ` – ${now.ruleName(figure)}` : '');
  const goals = [...new Set(now.totals.map((figure) => now.indicatorOf(figure).goal))];
  const groups = goals.map((goal) => ({
    label: now.goalName(goal),
    entries: now.totals.filter((figure) => now.indicatorOf(figure).goal === goal).map((figure) => [keyOf(figure), nameOf(figure)]),
  }));
  options(find('indicator'), groups, now.chosen ?? '');
  const figure = now.totals.find((one) => keyOf(one) === now.chosen);
  const indicator = figure && now.indicatorOf(figure);
  setText(find('units-of'), `: ${figure ? nameOf(figure) : ''}`);
  const meaning = { count: words.meaningOfCount, rank: words.meaningOfRank }[indicator?.measure] ?? words.meaning;
  setText(find('units-meaning'), indicator?.numerator ? meaning(indicator.numerator[language], indicator.denominator[language]) : '');
}

function showBalance() {
  if (known.balance) balance.update(known.balance, { language: chosen.language, words: wordsOf(chosen.language) });
}

// ---- asking ----

async function ask(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

async function loadCatalogue() {
  known.catalogue = await ask('v1/catalogue');
  showChoices();
}

async function loadFigures() {
  const here = city();
  const asked = `${here?.id}~${period()}`;
  const rows = here ? await ask(`v1/figures?${new URLSearchParams({ city: here.id, period: period() })}`) : [];
  // The reader may have chosen something else in the meantime.
  if (asked !== `${city()?.id}~${period()}`) return;
  known.figures = rows;
  known.receivedAt = performance.now();
  known.shownFor = asked;
  showFigures();
}

async function loadBalance() {
  known.balance = await ask('v1/balance-sheet');
  showBalance();
}

function outcome(went) {
  if (known.failed === !went) return;
  known.failed = !went;
  showConnection();
}

const wantFigures = paced(
  async () => {
    if (!known.catalogue) await loadCatalogue();
    await loadFigures();
  },
  700,
  outcome,
);
const wantBalance = paced(loadBalance, 1_500, outcome);
// A year or a city that had no data before appears in the lists a little later than its figures.
const wantCatalogue = paced(
  async () => {
    if (!known.catalogue) return;
    const before = `${city()?.id}~${period()}`;
    await loadCatalogue();
    if (before !== `${city()?.id}~${period()}`) wantFigures();
  },
  10_000,
  outcome,
);

// ---- choosing ----

function remember() {
  for (const [name, value] of Object.entries({ city: chosen.city, period: chosen.period, series: chosen.series, lang: chosen.language })) {
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
  }
  history.replaceState(null, '', address);
}

function pickSeries(series) {
  chosen.series = series;
  remember();
  showFigures();
}

function openWhy(figure) {
  why.open(figure, context());
}

find('city').addEventListener('change', (event) => {
  chosen.city = event.target.value;
  chosen.period = '';
  remember();
  showChoices();
  wantFigures();
});
find('period').addEventListener('change', (event) => {
  chosen.period = event.target.value;
  remember();
  wantFigures();
});
find('indicator').addEventListener('change', (event) => pickSeries(event.target.value));
for (const button of document.querySelectorAll('[data-language]')) {
  button.addEventListener('click', () => {
    chosen.language = button.dataset.language;
    localStorage.setItem('language', chosen.language);
    remember();
    showAll();
  });
}

setInterval(() => {
  if (document.hidden || !known.catalogue) return;
  const now = context();
  figures.tick(now);
  units.tick(now);
}, 1_000);
// The age of the sheet, what is on its way, and figures that only time moves are asked for now and then.
setInterval(wantFigures, 60_000);
setInterval(wantBalance, 15_000);

showAll();
follow({
  onState(state) {
    known.connection = state;
    showConnection();
  },
  onChange(kind) {
    if (kind !== 'balance') {
      wantFigures();
      wantCatalogue();
    }
    if (kind !== 'figure') wantBalance();
  },
});
