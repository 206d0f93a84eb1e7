// Pairs: a line of two halves, its words in the one and its field in the other; and the words of a tick behind it.

const PAIR = 0.92;

const childTowards = (outer, el) => {
  let at = el;
  while (at && parentOf(at) !== outer) at = parentOf(at);
  return at;
};

// Is there anything to read or to fill besides these two in the line?
const holdsOnly = (page, line, halves) => !page.tokens.some((token) => (token.kind === 'control' ? token.shown : token.kind === 'text' && !isFiller(token.text))
  && contains(line, token.el) && !halves.some((half) => contains(half, token.el)));

// The words that begin the one half of a line name the field that has the other half to itself, whatever is written around it there:
// 納期 | ご発注後 [ ] 営業日. Null where there are no such halves.
const pairTie = (page, text, control) => {
  const line = lca(text.el, control.el);
  if (!line) return null;
  const left = childTowards(line, text.el);
  const right = childTowards(line, control.el);
  if (!left || !right || left === right || text.first > control.at || unitsInside(page, left).size || isLinked(text.el)) return null;
  if (headingLevel(text.el) && ownWords(page, control, text)) return null; // the name of a section, whose field has its own
  const term = left.nextElementSibling === right && ((left.tagName === 'DT' && right.tagName === 'DD') || alternate(left, right));
  if (!term && (line === document.body || !holdsOnly(page, line, [left, right]))) return null;
  const before = page.tokens[text.first - 1];
  if (before && before.kind === 'text' && contains(left, before.el) && !isFiller(before.text)) return null;
  if (!saysOnly(page, left, text)) return null;
  return pairOf(page, right, control);
};

// Question, answer, question, answer: boxes of two kinds in turn.
const alternate = (left, right) => {
  const look = (el) => el && `${el.tagName}.${el.className}`;
  const [a, b] = [look(left), look(right)];
  if (a === b || !left.className || /^(TD|TH|TR)$/.test(left.tagName)) return false;
  const [next, last] = [right.nextElementSibling, left.previousElementSibling];
  return (look(next) === a && look(next.nextElementSibling) === b) || (look(last) === b && look(last.previousElementSibling) === a);
};

// A half that says a name and a value (現住所 | 東京都) is complete by itself; remarks do not count.
const saysOnly = (page, half, text) => !page.tokens.slice(text.last + 1).some((token) => token.kind === 'text' && contains(half, token.el) && !isFiller(token.text) && !isAside(token) && token.flow !== text.parts[0].flow);

const pairOf = (page, right, control) => {
  const units = [...unitsInside(page, right)];
  if (units.length === 1) return PAIR;
  if (isShownOnly(control) && units.some((unit) => unit.members[0].at < control.at && !isShownOnly(unit.members[0]))) return 0.4;
  return namedInside(page, right, control) ? 0.6 : null;
};

const isLinked = (el) => Boolean(el.closest && el.closest('a'));

// On a line that begins with a tick, or with a question and a tick, words stand behind their ticks: □その他（[ ]）, 区分：□新規 □更新.
const tickBefore = (page, text) => {
  const tick = page.tokens[text.first - 1];
  if (!tick || tick.kind !== 'control' || !TICKED.has(tick.role) || !tick.shown || (tick.labels || []).length) return null;
  const { flow } = text.parts[0];
  let from = tick.at;
  while (from > 0 && page.tokens[from - 1].flow === flow) from -= 1;
  const line = page.tokens.slice(from, text.first).filter((token) => token.kind !== 'text' || !isFiller(token.text));
  const first = line.findIndex((token) => token.kind !== 'text');
  const asked = first < 1 || /[:?]\s*$/.test(nfkc(line[first - 1].text));
  return tick.flow === flow && asked && line[first].kind === 'control' && TICKED.has(line[first].role) ? tick : null;
};

// As many captions behind a row of boxes as there are boxes: the first caption names the first box.
const captioned = (page, text) => {
  const last = page.tokens.slice(0, text.first).reverse().find((token) => token.kind !== 'text');
  if (!last || last.kind !== 'control' || TICKED.has(last.role)) return null;
  const row = lca(last.el, text.el);
  const inside = page.tokens.filter((token) => contains(row, token.el) && (token.kind === 'text' ? !isFiller(token.text) : token.kind === 'button' || token.shown));
  const boxes = inside.filter((token) => token.kind !== 'text');
  const lead = inside.indexOf(boxes[0]);
  const captions = inside.slice(lead + boxes.length);
  const apart = inside.slice(lead, lead + boxes.length).every((token) => token.kind === 'control' && !TICKED.has(token.role) && !(token.labels || []).length) && captions.every((token) => token.kind === 'text');
  if (!apart || lead > 1 || boxes.length < 2 || captions.length !== boxes.length || text.first !== text.last) return null;
  return boxes[captions.findIndex((token) => token.at === text.first)] || null;
};
