// Sections: `section > label`, rows of a list, and the single boxes of a field that has several.

// `section > label`, else a plain label. Answers {outcome, control, ranked, boxes}; `boxes` when only some of a field's are meant.
const resolve = (page, wanted) => {
  const parts = wanted.split(/\s*[>＞›]\s*/).filter(Boolean);
  const label = parts.pop() || wanted;
  const box = boxMeant(page, parts, label);
  if (box) return box;
  let { ranked, texts } = score(page, label);
  for (const section of parts) ranked = within(page, section, ranked);
  ranked = inFront(ranked.filter((r) => r.value > 0.05));
  const meant = { ...decide(ranked, parts.length ? 0.36 : ENOUGH), ranked, texts };
  return (meant.outcome === 'missing' && calledByKind(page, parts, label)) || meant;
};

// What lies behind an open window is not meant where the window itself has such a field.
const inFront = (ranked) => {
  const rivals = ranked.filter((r) => r.value >= ENOUGH && r.value > ranked[0].value - MARGIN);
  const dialog = rivals.length > 1 ? openDialog() : null;
  const inside = dialog ? rivals.filter((r) => contains(dialog, r.control.el)) : [];
  if (!inside.length || inside.length === rivals.length) return ranked;
  const shut = dialog.matches(':modal,[aria-modal=true]') || rivals.every((r) => inside.includes(r) || isUnder(dialog, r.control.el));
  return shut ? ranked.filter((r) => contains(dialog, r.control.el)) : ranked;
};

const isUnder = (dialog, el) => {
  const r = el.getBoundingClientRect();
  const top = topAt(r.left + r.width / 2, r.top + r.height / 2);
  return Boolean(top) && !contains(el, top) && (contains(dialog, top) || floats(top, ''));
};

const FIRST = /^(自|から|より|開始(日|時刻|時間)?|始期?|from|start|begin(ning)?|since|min(imum)?|下限|最小|以上)$/;
const LAST = /^(至|まで|終了(日|時刻|時間)?|終期?|to|end|until|till|max(imum)?|上限|最大|以下)$/;
const PIECE = { 年: /^年|[/.-]/, 月: /^月/, 日: /^日/, 時: /^時/, 分: /^分/, 秒: /^秒/ };

// 期間 > 終了, 期間（至）, 生年月日 > 月, 電話番号 > 2: single boxes of a field that has several.
const boxMeant = (page, parts, label) => {
  const bracketed = squeeze(label).match(/^(.+?) ?\(([^()]+)\)[\s:*]*$/);
  const ways = [];
  if (parts.length) ways.push([parts, label]);
  if (bracketed && (FIRST.test(bracketed[2].toLowerCase()) || LAST.test(bracketed[2].toLowerCase())) && !findTexts(page, label).some((t) => t.like > 0.9)) ways.push([[...parts, bracketed[1]], bracketed[2]]);
  for (const [owner, word] of ways) {
    const which = compact(word);
    if (!FIRST.test(which) && !LAST.test(which) && !PIECE[which] && !/^(元号|和暦|\d)$/.test(which)) continue;
    const { control } = resolve(page, owner.join(' > '));
    if (!control || control.unit.kind !== 'boxes' || control.unit.members.length < 2) continue;
    const boxes = pickBoxes(page, control.unit, which);
    if (boxes.length) return { outcome: 'found', control: boxes[0], margin: 1, ranked: [{ control: boxes[0], value: 1, why: ['box'] }], texts: [], boxes };
  }
  return null;
};

const pickBoxes = (page, unit, which) => {
  const { members, joints } = unit;
  if (/^\d$/.test(which)) return members.slice(which - 1, which);
  if (which === '元号' || which === '和暦') return members.filter((m) => m.role === 'select' && /令和|平成/.test(m.el.textContent)).slice(0, 1);
  const bare = members.length === 3 && joints.every((joint) => /^[/.-]$/.test(joint)) && /^[年月日]$/.test(which);
  if (bare && widthOf(members[0]) === 4) return [members['年月日'.indexOf(which)]];
  if (PIECE[which]) {
    const hits = members.filter((m, i) => PIECE[which].test(i < joints.length ? joints[i] : compact(textBehind(page, m))));
    const listed = hits.length ? [] : members.filter((m) => m.role === 'select' && [...m.el.options].every((o) => compact(o.text).replace(/\(.\)$/, '').endsWith(which)));
    return [hits, listed].find((some) => some.length === 1) || [];
  }
  const cuts = joints.flatMap((joint, i) => (RANGE.test(joint) || members.length === 2 ? [i + 1] : []));
  if (cuts.length !== 1) return [];
  return FIRST.test(which) ? members.slice(0, cuts[0]) : members.slice(cuts[0]);
};

// How many letters a box has room for.
const widthOf = ({ el }) => (el.maxLength > 0 ? el.maxLength : Number(el.getAttribute('size')) || 0);

const textBehind = (page, control) => {
  const next = page.tokens[control.at + 1];
  return next && next.kind === 'text' ? next.text : '';
};

const headingLevel = (el) => {
  const heading = el.closest('h1,h2,h3,h4,h5,h6,legend,caption,[role=heading]');
  return heading ? heading.tagName : '';
};

// Of the candidates, those that stand under the words of a section: its fieldset, table row, or up to the next heading.
const within = (page, section, ranked) => {
  const nth = section.normalize('NFKC').trim().match(/^(?:#|row |line |item |no\.? ?)?(\d{1,3})\s*(行目|件目|番目|つ目|個目|人目)?$/i);
  if (nth && nth[0] !== nth[1]) return nthOf(ranked, Number(nth[1]));
  const exact = narrow(page, findTexts(page, section).filter((text) => !nth || /^(TR|LI)$/.test((rowAround(text.el) || {}).tagName)), ranked);
  if (exact.length) return exact;
  const loose = narrow(page, looseTexts(page, section), ranked);
  if (loose.length) return loose;
  const row = rowsHolding(page, section, ranked);
  return row.length || !nth ? row : nthOf(ranked, Number(nth[1]));
};

const narrow = (page, texts, ranked) => {
  let best = [];
  let size = Infinity;
  for (const text of texts) {
    for (let at = text.el; at; at = parentOf(at)) {
      let inside = ranked.filter((r) => contains(at, r.control.el) || inSpannedRows(at, r.control.el) || inSpannedColumns(page, at, r.control.el));
      if (inside.every((r) => r.value < 0.35)) continue; // buttons have no value
      const end = nextAlike(page, text, at);
      inside = inside.filter((r) => (r.control.at > text.last && r.control.at < end) || /^(TR|LI)$/.test(at.tagName) || inSpannedColumns(page, at, r.control.el));
      const here = /^T[DH]$/.test(at.tagName) ? inside.length : unitsInside(page, at).size;
      if (inside.length && here < size) { best = inside; size = here; }
      break;
    }
  }
  return best.map((r) => ({ ...r }));
};

// A cell that reaches down over several rows speaks for all of them.
const inSpannedRows = (cell, el) => {
  if (!(cell.rowSpan > 1)) return false;
  const rows = [...cell.closest('table').rows];
  const row = rows.find((one) => one.contains(el));
  const from = rows.indexOf(cell.parentElement);
  return Boolean(row) && between(from - 1, rows.indexOf(row), from + cell.rowSpan);
};

// 借方 over 勘定科目 and 金額: a heading over several columns speaks for the fields in them.
const inSpannedColumns = (page, head, el) => {
  const cell = head.colSpan && isHeadCell(head) ? cellOf(el) : null;
  if (!cell || cell.closest('table') !== head.closest('table') || unitsInside(page, head.parentElement).size) return false;
  return headsOver(page, head.closest('table'), cell.parentElement).includes(head.parentElement) && between(columnOf(head) - 1, columnOf(cell), columnOf(head) + head.colSpan);
};

const rowAround = (el) => el.closest('tr,li,[role=row]');
const SECTION_END = /^の?(情報|内容|欄|入力欄?|項目|詳細|一覧|データ|detail|details|information|info|section|data)$/;

// 請求先 for the heading 請求先情報.
const looseTexts = (page, section) => {
  const words = core(section);
  return page.tokens
    .filter((token) => token.kind === 'text' && core(token.text).startsWith(words) && SECTION_END.test(core(token.text).slice(words.length)))
    .map((token) => textAt(page, { like: 0.9, first: token.at, last: token.at }));
};

// The row one of whose boxes holds these words.
const rowsHolding = (page, words, ranked) => {
  const rows = page.controls
    .filter((c) => c.shown && !TICKED.has(c.role) && typeOf(c.el) !== 'password' && likeness(words, valueOf(c.el)) >= 0.97)
    .map((c) => rowAround(c.el));
  return ranked.filter((r) => rows.includes(rowAround(r.control.el)) && rowAround(r.control.el));
};

// The n-th of those that fit alike, from the top.
const nthOf = (ranked, n) => {
  const best = Math.max(0, ...ranked.map((r) => r.value || 0));
  const twins = ranked.filter((r) => (r.value || 0) > best - MARGIN).sort((a, b) => a.control.at - b.control.at);
  return twins.length > 1 || n === 1 ? twins.slice(n - 1, n) : [];
};

// Where the next section of the same look, or of a higher heading, begins.
const nextAlike = (page, text, around) => {
  const level = headingLevel(text.el);
  if (level === 'LEGEND' && around.tagName === 'FIELDSET') return Infinity;
  const look = (el) => `${headingLevel(el)}|${el.tagName}|${el.className}|${el.colSpan}|${headingLevel(el) || !el.parentElement ? '' : el.parentElement.tagName + el.parentElement.className}`;
  const mine = look(text.el);
  for (let k = text.last + 1; k < page.tokens.length; k += 1) {
    const token = page.tokens[k];
    if (!contains(around, token.el)) break;
    if (token.kind !== 'text') continue;
    const other = headingLevel(token.el);
    if (/^H\d$/.test(level) && /^H\d$/.test(other) && other <= level && token.el.closest(other) !== text.el.closest(level)) return k;
    if (look(token.el) === mine && (level || token.flow !== text.parts[0].flow)) return k;
  }
  return Infinity;
};
