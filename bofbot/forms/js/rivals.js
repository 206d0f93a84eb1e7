// Rivals: a text names a field only as far as no other words there name it better.

// The tie of a text to a control, less when the control clearly has another name.
const ownership = (page, text, control) => {
  const seen = eyeTie(page, text, control);
  let value = Math.max(tie(page, text, control), seen);
  if (value < 0.3) return value;
  if ((control.labels || []).some((label) => compact(plainText(label)) && !contains(label, text.el) && isShown(label))) {
    const group = (TICKED.has(control.role) || control.unit.members.length > 1) && text.last < control.unit.members[0].at;
    value *= group ? 0.97 : 0.35;
  }
  const column = tableTie(page, text.el, control);
  if (column === COLUMN && text.el.closest('th,thead')) return value;
  const rival = bestOtherText(page, text, control, column);
  if (rival > value + (isShownValue(text, control) ? -0.1 : 0.04) || isBehindOthers(page, text, control)) value *= 0.5;
  return column !== null && column < 0.5 ? Math.min(value, 0.49) : value; // the table says that it names several, or none
};

// Words on the field's own line, or in the other half of it, name it rather than what stands outside.
const isNearer = (page, token, control, home) => {
  const inside = lca(token.el, control.el) !== home;
  if (!inside && home.tagName !== 'DL') return false;
  return (inside && token.flow === control.flow) || pairTie(page, { first: token.at, last: token.at, el: token.el, parts: [token] }, control) === PAIR;
};

// A colon or a mark at a label's end points to the field that comes; remarks between and behind are not its name.
const pointsTo = (page, text, control) => /[:*]$/.test(compact(text.parts[text.parts.length - 1].text)) && text.last < control.at
  && page.tokens.slice(text.last + 1, control.at).every((token) => token.kind === 'text' && (isFiller(token.text) || isAside(token)));

// □新規 もっと見る: the words of a tick are those right behind it.
const isBehindOthers = (page, text, control) => TICKED.has(control.role) && text.first > control.at + 1
  && page.tokens.slice(control.at + 1, text.first).some((token) => token.kind === 'text' && !isFiller(token.text) && !isAside(token));

// What stands behind a field, or is shown in a list that is chosen from, names it only where nothing before it does.
const isBesideThePoint = (text, control) => {
  if (TICKED.has(control.role)) return false;
  return text.first > control.at || isShownValue(text, control);
};
const isShownValue = (text, control) => liesIn(text.rect, control) && !labelAround(text.el);

const bestOtherText = (page, text, control, column) => {
  let best = 0;
  const from = control.unit.members.length > 1 && text.last < control.unit.members[0].at ? control.unit.members[0] : control;
  const home = lca(text.el, control.el);
  const close = unitsInside(page, home).size <= 1;
  const heading = text.el.closest('h1,h2,h3,h4,legend');
  const paired = pairTie(page, text, control) === PAIR;
  const hints = hintsUnder(page, text);
  const points = pointsTo(page, text, from);
  const cell = text.last === from.at - 1 && cellOf(from.el);
  const own = cell && contains(cell, text.el) && unitsInside(page, cell).size > 1 ? cell : null; // 姓 [ ] 名 [ ] in one cell
  const weak = isBesideThePoint(text, control);
  const consider = (k) => {
    const token = page.tokens[k];
    if (token.kind !== 'text' || isFiller(token.text) || (k >= text.first && k <= text.last)) return;
    if (token.el.closest && token.el.closest('a')) return;
    if (compact(token.text).length > 40 || isLineNumber(token.text)) return;
    if (contains(control.el, token.el)) return;
    const label = labelAround(token.el);
    if (label && page.labels.get(label) && page.labels.get(label) !== control) return;
    if (close && k > text.last && k < control.at && !heading && (paired || !isNearer(page, token, control, home))) return; // a hint between a label and its field
    if (k > text.last && (k <= hints || (paired && !TICKED.has(control.role) && contains(childTowards(home, control.el), token.el)))) return;
    if (own && !contains(own, token.el)) return;
    if (points && k > text.last) return;
    if (close && !weak && !contains(home, token.el)) return; // farther off than the text itself
    best = Math.max(best, tie(page, { first: k, last: k, el: token.el, parts: [token], rect: page.rectOf(token) }, from));
  };
  const start = control.unit.members[0].at;
  const asGroup = TICKED.has(control.role) && text.last < start && (control.unit.members.length > 1 || (control.labels || []).length > 0 || (column || 0) > 0.5 || paired);
  const asOption = TICKED.has(control.role) && text.first > start;
  for (let k = from.at - 1, n = 0; k >= 0 && n < 6; k -= 1, n += 1) if (!asOption || k > start) consider(k);
  for (let k = from.at + 1, n = 0; k < page.tokens.length && n < 3; k += 1, n += 1) if (!asGroup) consider(k);
  return best;
};

// Titles name parts of the page and links lead away: how much less than other words they name a field.
const damping = (page, text, control) => {
  const { el } = text;
  if (el.closest('h1,h2,[role=heading][aria-level="1"]') || isTitleCell(el)) return 0.55;
  if (/^(?!LEGEND|CAPTION)./.test(headingLevel(el)) && control.at < text.first) return 0.5;
  if (headingLevel(el) && !TICKED.has(control.role) && hasOwnBox(page, text, control)) return 0.5;
  if (el.closest('a[href]')) {
    const before = page.tokens[text.first - 1];
    return before && before.kind === 'text' && before.flow === text.parts[0].flow && !isFiller(before.text) ? 0.45 : 0.6;
  }
  if (showsValue(page, text)) return 0.4;
  return el.closest('a,option,nav') ? 0.7 : 1;
};

// 小計 0円, 手数料 330円: a name whose number is shown beside it, and no field behind that.
const showsValue = (page, text) => {
  const [value, behind] = [page.tokens[text.last + 1], page.tokens[text.last + 2]];
  const { flow } = text.parts[0];
  if (!value || value.kind !== 'text' || value.flow !== flow || !/^[¥$€£]?-?\d[\d,.]*(円|%)?$/.test(compact(value.text))) return false;
  return !(behind && behind.kind === 'control' && behind.flow === flow);
};

// Does the field share a box with words, and with nothing else to fill, that a heading stands outside of?
const hasOwnBox = (page, text, control) => {
  for (let at = parentOf(control.el); at && unitsInside(page, at).size <= 1 && !contains(at, text.el); at = parentOf(at)) {
    if (page.tokens.some((token) => token.kind === 'text' && contains(at, token.el) && !contains(control.el, token.el) && !isFiller(token.text))) return true;
  }
  return false;
};

// The only cell of its row, over several columns.
const isTitleCell = (el) => {
  const cell = cellOf(el);
  return Boolean(cell) && cell.colSpan > 1 && cell.parentElement.children.length === 1;
};
