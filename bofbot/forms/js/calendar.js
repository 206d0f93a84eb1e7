// Calendars: the months of days that a widget shows; which day to press, or how to get to its month.

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const LATER = /next|forward|right|次|翌|^[>›→▶]$/i;
const EARLIER = /prev|back|left|前|^[<‹←◀]$/i;
const BY_YEAR = /year|年|super|double|d-arrow|«|»|<<|>>/i;
const CONFIRMS = /^(ok|確定|決定|適用|設定|apply|done|set)$/i;

const dayNumber = (el) => {
  const text = nfkc(el.textContent).trim();
  return /^\d{1,2}日?$/.test(text) && parseInt(text, 10) <= 31 ? parseInt(text, 10) : 0;
};

// 2027年2月, 2/2027, February 2027 → [2027, 2]
const monthOf = (text) => {
  const plain = nfkc(text).toLowerCase();
  const first = plain.match(/(\d{4})\s*[年/.-]\s*(\d{1,2})(?!\d)/);
  if (first) return [Number(first[1]), Number(first[2])];
  const year = plain.match(/(?:^|\D)(\d{4})(?:\D|$)/);
  const named = plain.match(/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/);
  const number = plain.match(/(\d{1,2})\s*月/) || plain.match(/(?:^|\s)(\d{1,2})\s*\/\s*\d{4}/);
  if (!year || !(named || number)) return null;
  return [Number(year[1]), named ? MONTHS.indexOf(named[1]) + 1 : Number(number[1])];
};

// What stands in an element as a person reads it: words, chosen options, the contents of boxes.
const readWords = (el, without) => {
  const words = [];
  const visit = (node) => {
    if (node.nodeType === 3) words.push(node.data);
    else if (node.nodeType === 1 && !without(node) && getComputedStyle(node).display !== 'none' && node.tagName !== 'svg' && node.tagName !== 'STYLE') {
      if (node.tagName === 'SELECT') words.push([...node.selectedOptions].map((o) => o.text).join(' '));
      else if (node.tagName === 'INPUT') words.push(node.value);
      else node.childNodes.forEach(visit);
    }
  };
  visit(el);
  return words.join(' ');
};

// Every month in sight: {days: its cells in order, year, month, popup}.
const monthsInSight = () => {
  const cells = [...allElements(document)].filter((el) => el.childElementCount < 2 && dayNumber(el) && !(el.childElementCount && dayNumber(el.firstElementChild)) && isShown(el));
  const grids = new Set();
  for (const cell of cells.filter((el) => dayNumber(el) === 15)) {
    let at = parentOf(cell);
    while (at && cells.filter((el) => contains(at, el)).length < 28) at = parentOf(at);
    if (at && at !== document.body) grids.add(at);
  }
  return [...grids].map((grid) => monthIn(grid, cells.filter((el) => contains(grid, el)))).filter(Boolean);
};

const monthIn = (grid, cells) => {
  const from = cells.findIndex((el) => dayNumber(el) === 1);
  const days = cells.slice(from);
  const until = days.findIndex((el, i) => i > 0 && dayNumber(el) === 1);
  for (let popup = grid, level = 0; popup && popup !== document.body && level < 6; popup = parentOf(popup), level += 1) {
    const shown = monthOf(readWords(popup, (node) => level > 0 && node === grid));
    if (shown) return { days: until < 0 ? days : days.slice(0, until), year: shown[0], month: shown[1], popup };
  }
  return null;
};

const offered = (cell) => {
  for (let at = cell, level = 0; at && level < 3 && !/^(TR|TABLE)$/.test(at.tagName); at = parentOf(at), level += 1) {
    if (at.getAttribute('aria-disabled') === 'true' || at.disabled || /(^|[\s_-])(disabled|unavailable|unselectable)/i.test(String(at.className))) return false;
  }
  return true;
};

const arrowOf = (popup, way, byYear) => {
  const all = [...popup.querySelectorAll('button,a,span,th,div,i,[role=button]')].filter((el) => isShown(el) && !dayNumber(el));
  const said = (el) => [el.getAttribute('aria-label'), el.title, el.getAttribute('data-action'), compact(el.textContent).length < 8 ? compact(el.textContent) : '', String(el.className)].filter(Boolean).join(' ');
  const hits = all.filter((el) => [el.getAttribute('aria-label'), el.title, String(el.className), compact(el.textContent).length < 8 ? compact(el.textContent) : ''].some((words) => words && way.test(words)) && BY_YEAR.test(said(el).replace(/calendar/gi, '')) === byYear);
  return hits.find((el) => !el.querySelector(hits.map((h) => h.tagName).join(','))) || hits[0] || null;
};

// Towards a day: {state: 'none' | 'day' | 'off' | 'turn' | 'stuck'} and the element to press.
const towards = ([y, m, d]) => {
  const months = monthsInSight().sort((a, b) => Number(floats(b.popup, '')) - Number(floats(a.popup, '')));
  if (!months.length) return { plain: { state: 'none' }, control: null };
  const here = months.find((one) => one.year === Number(y) && one.month === Number(m));
  if (here) {
    const cell = here.days[d - 1];
    return { plain: { state: cell && offered(cell) ? 'day' : 'off', floats: floats(here.popup, '') }, control: cell || null };
  }
  const { year, month, popup } = months[0];
  const far = (Number(y) - year) * 12 + Number(m) - month;
  const list = [...popup.querySelectorAll('select')].find((el) => [...el.options].some((o) => o.text.trim() === String(Number(y))) && el.selectedOptions[0].text.trim() !== String(Number(y)));
  if (list) choose(list, [String(Number(y))]);
  const way = far > 0 ? LATER : EARLIER;
  const arrow = list ? null : (Math.abs(far) >= 12 && arrowOf(popup, way, true)) || arrowOf(popup, way, false) || arrowOf(popup, way, true);
  return { plain: { state: list || arrow ? 'turn' : 'stuck', shown: `${year}-${month}`, floats: floats(popup, '') }, control: arrow };
};

// Does a text, however it is written, mean this day?
const meansDay = (text, [y, m, d]) => {
  const numbers = (nfkc(text).match(/\d+/g) || []).map(Number);
  const named = nfkc(text).toLowerCase().includes(MONTHS[m - 1]);
  if (/^\d{8}$/.test(text.trim())) return Number(text) === y * 10000 + m * 100 + Number(d);
  return (numbers.includes(Number(y)) || numbers.includes(y % 100)) && numbers.includes(Number(d)) && (named || (numbers.includes(Number(m)) && (Number(m) !== Number(d) || numbers.filter((n) => n === Number(m)).length > 1)));
};

// A calendar's own boxes (its year, its list of months) are no fields of the form.
const isOfCalendar = (el) => {
  const around = el.tagName === 'SELECT' || typeOf(el) === 'number' ? el.closest('[class*=calendar],[class*=datepicker],[class*=date-picker]') : null;
  return Boolean(around) && [...around.querySelectorAll('*')].filter((one) => one.childElementCount < 2 && dayNumber(one)).length >= 28;
};

// A button that confirms what an opened box holds.
const confirmer = () => {
  const all = [...document.querySelectorAll('button,[role=button],a')].filter((el) => CONFIRMS.test(squeeze(el.innerText || '')) && isShown(el) && !isDisabled(el));
  return { plain: { found: all.length === 1 }, control: all.length === 1 ? all[0] : null };
};
