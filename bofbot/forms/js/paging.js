// Paging: what stands around a table and says how much more of it there is, and what brings it.

const ARROW = /[>›»→▶▷≫\s]/g;
const NEXT = /^(次(へ|の?(ページ|頁|画面)(へ|を表示)?|の?\d+件(へ|を表示)?|を表示)?|(goto)?(the)?next(page|results?|\d+)?|forward)$/;
const MORE = /^(もっと(見る|読む|読み込む|表示(する)?)|(さらに|続きを)(見る|読み込む|表示|\d+件を?(表示|読み込む))(する)?|(次の|残り)?\d*件?を?(さらに|追加で)(表示|読み込む)(する)?|(load|show|view|see)\d*more(results|rows|items|entries)?|moreresults)$/;
const LOADING = /読み?込み?中|ロード中|取得中|^loading|now loading/i;
const PRESSED = 'a,button,[role=button],[role=link],input[type=button],input[type=submit],input[type=image],[onclick]';

const wordsOn = (el) => {
  const image = el.querySelector('img[alt]');
  return nfkc(el.getAttribute('aria-label') || el.innerText || el.value || el.alt || el.title || (image ? image.alt : '')).trim();
};

const isIdle = (el) => {
  if (isDisabled(el) || getComputedStyle(el).pointerEvents === 'none') return true;
  if ([el, el.parentElement].some((at) => at && /(^|[-_\s])(disabled|inactive)([-_\s]|$)/i.test(at.getAttribute('class') || ''))) return true;
  return el.tagName === 'A' && !el.hasAttribute('href') && !el.hasAttribute('onclick') && !el.hasAttribute('role') && getComputedStyle(el).cursor !== 'pointer';
};

const kindOf = (el) => {
  const words = compact(wordsOn(el));
  const bare = words.replace(ARROW, '');
  if (el.getAttribute('rel') === 'next' || NEXT.test(bare)) return 'next';
  if (MORE.test(bare)) return 'load';
  if (words && !bare) return words.length > 1 || /[»≫]/.test(words) ? 'far' : 'next';
  if (!words && /(^|[-_\s])next([-_\s]|$)/i.test(el.getAttribute('class') || '')) return 'next';
  return /^\d{1,4}$/.test(words) ? 'number' : '';
};

// A part under a heading of its own isAbout to another section.
const isAbout = (part, heading) => {
  const inside = part.matches(HEADINGS) ? [part] : [...part.querySelectorAll(HEADINGS)];
  return !inside.length || inside[inside.length - 1] === heading;
};

// What stands around a table, box by box outwards: the parts that belong to it and hold no other table.
const surroundings = (table, others) => {
  const heading = headingOf(table.root);
  const levels = [];
  for (let at = table.root; at && at.parentElement && at !== document.body; at = at.parentElement) {
    const parts = [...at.parentElement.children].filter((part) => part !== at && isShown(part) && !others.some((other) => part.contains(other)) && isAbout(part, heading));
    levels.push({ level: levels.length + 1, parts });
  }
  return levels;
};

const currentNumber = (parts) => {
  const marks = parts.flatMap((part) => [part, ...part.querySelectorAll('*')]).filter((el) => /^\d{1,4}$/.test(compact(el.textContent)) && isShown(el));
  const marked = marks.find((el) => [el, el.parentElement].some((at) => at.getAttribute('aria-current') && at.getAttribute('aria-current') !== 'false' || /(^|[-_\s])(active|current|selected|now)([-_\s]|$)/i.test(at.getAttribute('class') || '')));
  const plain = marks.find((el) => !el.querySelector(PRESSED) && !el.closest(PRESSED));
  const current = marked || plain;
  return current ? Number(compact(current.textContent)) : 0;
};

// A button that sends a form off is a step of that form, unless numbers or a range stand with it.
const isPager = (el, company) => company || !(el.form && el.form.method === 'post' && /^(submit|image)$/.test(el.type));

// What brings more rows: {kind, words, usable, el, number}; null when nothing does.
const moreOf = (table, around) => {
  const foot = table.root.querySelector('tfoot');
  const levels = foot ? [{ level: 0, parts: [foot] }, ...around] : around;
  for (const { level, parts } of levels) {
    const controls = parts.flatMap((part) => [part, ...part.querySelectorAll(PRESSED)]).filter((el) => el.matches(PRESSED) && isShown(el));
    const kinds = new Map(controls.map((el) => [el, kindOf(el)]));
    const numbers = controls.filter((el) => kinds.get(el) === 'number');
    const number = numbers.length ? currentNumber(parts) : 0;
    const of = (kind) => controls.filter((el) => kinds.get(el) === kind && isPager(el, number > 0));
    const near = of('next').filter((el) => level < 6 || compact(wordsOn(el)).replace(ARROW, ''));
    const next = near.find((el) => !isIdle(el)) || near[0];
    const follower = numbers.find((el) => number && Number(compact(wordsOn(el))) === number + 1);
    const load = of('load')[0];
    const far = !numbers.length && level < 4 && of('far').length === 1 ? of('far')[0] : null;
    const el = next || follower || load || far;
    if (el) return { kind: el === load ? 'load' : 'next', words: wordsOn(el).slice(0, 40), usable: !isIdle(el), el, number };
    if (number) return { kind: 'next', words: String(number), usable: false, el: null, number };
  }
  return null;
};

const figure = (text) => Number(text.replace(/,/g, ''));
const N = '(\\d[\\d,]*)';
const TO = '\\s*件?(?:目|め)?\\s*(?:[-~〜～‐–—−]|から|to)\\s*';
const UNITS = '(?:results?|items?|records?|entries|entry|rows?|matches|hits?)';
const RANGES = [
  { re: new RegExp(`${N}\\s*件\\s*(?:中|のうち)[^\\d]{0,6}${N}${TO}${N}`), at: [2, 3, 1] },
  { re: new RegExp(`${N}${TO}${N}\\s*件?(?:目|め)?\\s*(?:を表示)?\\s*[(/]?\\s*(?:of|/|全|計|合計)\\s*(?:about)?\\s*${N}`, 'i'), at: [1, 2, 3] },
];
const STRONG = [new RegExp(`(?:全|総|合計|計|該当|結果)\\s*(?:件数|数)?\\s*[:は]?\\s*${N}\\s*件`), new RegExp(`件数\\s*[:は]?\\s*${N}\\s*件?`), new RegExp(`${N}\\s*件\\s*(?:中|が?(?:見つ|ヒット|該当|あり)|の(?:結果|データ|申請|明細))`), new RegExp(`${N}\\s+${UNITS}\\s*(?:found|in total|total)?$`, 'i'), new RegExp(`(?:total|results?|found|of)\\s*:?\\s*${N}(?:\\s+${UNITS})?$`, 'i')];
const ALONE = new RegExp(`^${N}\\s*(?:件|${UNITS})$`, 'i');
const ABOUT = /約|およそ|以上|超|about|approx|over |more than|\d\+/i;

// What a line of text says about the number of rows: {total, from, to}; null when nothing.
const statedIn = (line) => {
  if (line.length > 120 || ABOUT.test(line)) return null;
  for (const { re, at } of RANGES) {
    const found = line.match(re);
    if (found) return { from: figure(found[at[0]]), to: figure(found[at[1]]), total: figure(found[at[2]]) };
  }
  for (const re of STRONG) {
    const found = line.match(re);
    if (found) return { total: figure(found[1]) };
  }
  return null;
};

// The totals that the nearest text around a table states.
const statedOf = (table, around) => {
  const foot = [...table.root.querySelectorAll('tfoot,caption')];
  for (const { level, parts } of [{ level: 0, parts: foot }, ...around]) {
    const said = [];
    for (const part of parts) {
      if (part.matches('header,aside,[role=banner],script,style')) continue;
      for (const line of (part.innerText || '').slice(0, 3000).split('\n').map((text) => squeeze(text)).filter(Boolean)) {
        const alone = level < 5 && line.match(ALONE);
        const one = statedIn(line) || (alone && !ABOUT.test(line) ? { total: figure(alone[1]) } : null);
        if (one) said.push(one);
      }
    }
    const ranged = said.filter((one) => one.to !== undefined);
    if (said.length) return ranged.length ? ranged.slice(0, 1) : said;
  }
  return [];
};

// What scrolls the rows of a table: a box around them or in them, else the page.
const scrollerOf = (table) => {
  const scrolls = (el) => /auto|scroll|overlay/.test(getComputedStyle(el).overflowY) && el.scrollHeight > el.clientHeight + 2;
  for (let at = table.elements[0] || table.root; at && at !== document.body && at !== document.documentElement; at = at.parentElement) if (scrolls(at)) return at;
  return null;
};

const pageScroll = () => document.scrollingElement || document.documentElement;

const isLoading = (table) => {
  const busy = table.root.closest('[aria-busy=true]') || table.root.querySelector('[aria-busy=true]');
  if (busy) return true;
  if (scrollerOf(table) && table.rows.some((row) => row.length && !row.some(Boolean))) return true;
  const last = table.rows[table.rows.length - 1];
  if (last && last.filter(Boolean).length === 1 && LOADING.test(last.find(Boolean))) return true;
  for (let at = table.root, level = 0; at && at !== document.body && level < 3; at = at.parentElement, level += 1) {
    const next = at.nextElementSibling;
    if (next && isShown(next) && (next.matches('[role=progressbar],.spinner,.loading') || ((next.innerText || '').length < 60 && LOADING.test((next.innerText || '').trim())))) return true;
  }
  return false;
};

const seenScroll = (table) => {
  const box = scrollerOf(table) || pageScroll();
  return { kind: box === pageScroll() ? (box.scrollHeight > innerHeight + 2 ? 'page' : '') : 'box', top: Math.round(box.scrollTop), end: box.scrollTop + box.clientHeight >= box.scrollHeight - 2 };
};

// All tables that could hold these columns, with what stands around them. The elements are kept: more0, head0_2, row0.
const survey = (names) => {
  const found = tablesWith(names);
  const keep = {};
  const plain = found.map((table, n) => {
    const records = table.rows.map((_, at) => at).filter((at) => !isRemark(table.elements[at], table.columns));
    const about = { title: table.title, columns: table.columns, rows: records.map((at) => table.rows[at]) };
    if (names.length && !holds(table, names)) return about;
    const around = surroundings(table, found.map((other) => other.root).filter((root) => root !== table.root));
    const more = moreOf(table, around);
    if (more && more.el) keep[`more${n}`] = more.el;
    table.heads.forEach((el, at) => { if (el) keep[`head${n}_${at}`] = el.querySelector('button,a,[role=button]') || el; });
    keep[`box${n}`] = scrollerOf(table) || pageScroll();
    return {
      ...about,
      more: more && { kind: more.kind, words: more.words, usable: more.usable, number: more.number },
      stated: statedOf(table, around),
      scroll: seenScroll(table),
      loading: isLoading(table),
      indexes: records.map((at) => Number(table.elements[at].getAttribute('aria-rowindex')) || 0),
      count: Math.max(0, Number(table.root.getAttribute('aria-rowcount')) || 0),
      sorted: table.heads.map((el) => (el && (el.closest('[aria-sort]') || el).getAttribute('aria-sort')) || ''),
    };
  });
  return { plain: { outcome: 'found', tables: plain }, ...keep };
};
