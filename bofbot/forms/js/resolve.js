// Resolve: which control does this label mean? Found, ambiguous, or missing; never a guess.

const ENOUGH = 0.5;
const MARGIN = 0.1;

// Every place where the words looked for stand on the page: runs of text tokens, with how alike they are.
const findTexts = (page, wanted) => {
  const found = [];
  const goal = core(wanted);
  const bare = remarkless(wanted).rest;
  const { tokens } = page;
  for (let i = 0; i < tokens.length; i += 1) {
    if (tokens[i].kind !== 'text') continue;
    const start = (tokens[i].core = tokens[i].core || core(tokens[i].text));
    if (!start || !(goal.startsWith(start) || start.startsWith(bare) || halves(tokens[i].text).includes(goal))) continue;
    let text = '';
    let best = null;
    for (let k = i; k < tokens.length && compact(text).length <= compact(wanted).length + 12; k += 1) {
      const token = tokens[k];
      if (token.kind === 'control' || (token.kind === 'button' && k === i)) break;
      if (token.kind === 'text' && k > i && token.flow !== tokens[k - 1].flow) text += ' ';
      text += token.kind === 'text' ? token.text : plainText(token.el);
      const like = likeness(wanted, text);
      if (like > 0 && (!best || like > best.like)) best = { like, first: i, last: k };
    }
    if (best) found.push(textAt(page, best));
  }
  return found.filter((text) => !found.some((other) => other !== text && other.like > text.like && other.first <= text.first && other.last >= text.last));
};

const textAt = (page, { like, first, last }) => {
  const parts = page.tokens.slice(first, last + 1).filter((token) => token.kind === 'text');
  let el = parts[0].el;
  for (const part of parts) el = lca(el, part.el);
  return { like, first, last, el, parts, rect: textRect(parts[0]) };
};

const labelAround = (el) => {
  for (let at = el; at; at = parentOf(at)) if (at.tagName === 'LABEL') return at;
  return null;
};

// Controls near a text, in reading order and on the screen.
const near = (page, text) => {
  const some = new Set();
  const look = (step, from, most) => {
    let seen = 0;
    for (let k = from; k >= 0 && k < page.tokens.length && seen < most; k += step) {
      const token = page.tokens[k];
      if (token.kind === 'control' && token.shown) { some.add(token); seen += 1; }
    }
  };
  look(1, text.last + 1, 4);
  look(-1, text.first - 1, 3);
  const cell = cellOf(text.el);
  const table = cell && cell.closest('table,[role=table],[role=grid]');
  for (const c of page.controls) {
    if (!c.shown) continue;
    const seen = geometry(text, c, page);
    if (seen !== null && seen > 0.6) some.add(c);
    else if (table && table.contains(c.el) && (tableTie(page, text.el, c) || 0) > 0.5) some.add(c);
  }
  return [...some];
};

// A text before all boxes of a field means the first; one among them (From [ ] To [ ]) the box it stands at.
const boxFor = (text, control) => {
  const { members } = control.unit;
  if (text.last < members[0].at) return members[0];
  const before = members.filter((m) => m.at < text.first).pop();
  const after = members.find((m) => m.at > text.last);
  return after && !PIECES.test(compact(text.parts[0].text)) ? after : before;
};
const PIECES = /^(年|月|日|時|分|秒|円|名|人|から|まで)$/;

// [+81][ ], [USD][ ]: a list of country codes or currencies leads the box that is meant, where the two have no words of their own.
const LEADS = /^(\+?\d{1,4}|.{0,30}\(\+\d{1,4}\)|\+\d.{0,30}|[a-z]{3}|.{0,2}[¥$€£円]|https?:.*)$/;
const isPrefix = (page, control) => {
  const next = page.tokens[control.at + 1];
  if (control.el.tagName !== 'SELECT' || !next || next.kind !== 'control' || next.role !== 'textbox' || !next.shown) return false;
  const options = [...control.el.options].slice(0, 12).map((option) => compact(option.text)).filter(Boolean);
  if (!options.length || !options.every((option) => LEADS.test(option)) || isDatePart(control.el) || next.rect.left - control.rect.right > 12 || Math.abs(next.rect.top - control.rect.top) > 8) return false;
  const both = lca(control.el, next.el);
  return cellOf(control.el) === cellOf(next.el) && !page.tokens.some((token) => token.kind === 'text' && contains(both, token.el));
};

// The option's own control when a text stands between the members of one group; else the group's first.
const memberFor = (page, text, control) => {
  const { members } = control.unit;
  if (members.length < 2) return control.at > text.last && isPrefix(page, control) ? page.tokens[control.at + 1] : control;
  if (!TICKED.has(control.role)) return boxFor(text, control);
  const shown = members.filter((m) => m.shown);
  const before = shown.filter((m) => m.at < text.first);
  const after = shown.filter((m) => m.at > text.last);
  if (!before.length) return optionLabelFirst(page, shown) && after.length === shown.length && textsJustBefore(page, shown[0]) === text.first ? shown[0] : after[0] || control;
  return optionLabelFirst(page, shown) && after.length ? after[0] : before[before.length - 1];
};

const textsJustBefore = (page, control) => {
  for (let k = control.at - 1; k >= 0; k -= 1) if (page.tokens[k].kind === 'text' && !isFiller(page.tokens[k].text)) return k;
  return -1;
};

// Do the options of a group stand before their dots ("男 ○ 女 ○")? Ordinarily they stand after.
const optionLabelFirst = (page, shown) => {
  const last = shown[shown.length - 1];
  for (let k = last.at + 1; k < page.tokens.length; k += 1) {
    const token = page.tokens[k];
    if (token.kind === 'control') return true;
    if (token.kind === 'text' && !isFiller(token.text)) {
      const first = page.tokens[textsJustBefore(page, shown[0])];
      const outer = lca(shown[0].el, last.el);
      return !contains(outer, token.el) && !(token.flow === last.flow) && Boolean(first && contains(outer, first.el));
    }
  }
  return true;
};

const score = (page, wanted) => {
  const scores = new Map();
  const add = (control, value, why, exact = false) => {
    const known = scores.get(control);
    const one = !known || known.value < value ? { control, value, why: known ? [...known.why, why] : [why], exact: known && known.exact } : known;
    if (one === known) known.why.push(why);
    one.exact = one.exact || (exact && value > 0.6);
    scores.set(control, one);
  };
  for (const control of page.controls) {
    for (const { kind, text } of writtenNames(control)) {
      const like = likeness(wanted, text);
      if (like) add(control, like * NAMES[kind] * (control.gone ? 0.3 : 1) * (kind === 'label' ? trust(page, control) : 1), kind, like === 1 && kind === 'label');
    }
    if (control.shown) {
      for (const words of wordsAround(page, control)) {
        const like = likeness(wanted, words);
        if (like >= 0.9) add(control, like * ((control.labels || []).length ? 0.5 : 0.93), 'around');
      }
    }
    if (control === control.unit.members[0] && TICKED.has(control.role)) {
      const like = likeness(wanted, groupName(page, control) || '');
      if (like) add(control, like * 0.97 * (control.gone ? 0.3 : 1), 'group');
    }
  }
  const texts = findTexts(page, wanted);
  const [doubts, sure] = [[], new Set()];
  for (const text of texts) {
    const label = labelAround(text.el);
    const tied = label && page.labels.get(label);
    if (tied && !tied.gone) {
      const leads = text.first === firstTokenIn(page, label) && text.like >= 0.9;
      if (leads) add(tied, text.like * 0.9 * trust(page, tied), 'label', text.like === 1);
      const beside = leads && contradicted(page, texts, text, label, tied);
      if (beside) doubts.push({ tied, beside, value: text.like * 0.95 });
      else if (leads) sure.add(tied);
      if (beside || trust(page, tied) === 1) continue;
    }
    const drawn = drawnTick(page, text) || tickBefore(page, text) || captioned(page, text);
    if (drawn) add(drawn, text.like * 0.85, 'own');
    for (const control of drawn ? [] : near(page, text)) {
      const column = TICKED.has(control.role) && tableTie(page, text.el, control) === COLUMN;
      const member = column ? control : memberFor(page, text, control);
      add(member, text.like * ownership(page, text, control) * damping(page, text, control), 'near');
    }
  }
  for (const text of texts) for (const control of columnBelow(page, text)) add(control, text.like * COLUMN, 'column');
  for (const { tied, beside, value } of doubts.filter((doubt) => !sure.has(doubt.tied))) {
    add(beside, value, 'beside', true);
  }
  return { ranked: [...scores.values()].sort((x, y) => y.value - x.value), texts };
};

// The words of a tick or dot that is drawn otherwise, its real box out of sight: they name that and nothing else.
const drawnTick = (page, text) => {
  for (let at = text.el, level = 0; at && at !== document.body && level < 3; at = parentOf(at), level += 1) {
    const inside = page.controls.filter((c) => contains(at, c.el));
    if (inside.length) return inside.length === 1 && TICKED.has(inside[0].role) && !inside[0].shown && !inside[0].gone ? inside[0] : null;
  }
  return null;
};

const decide = (ranked, enough = ENOUGH) => {
  if (!ranked.length || ranked[0].value < 0.35) return { outcome: 'missing' };
  const exact = ranked.some((r) => r.exact && r.value > 0.7);
  if (exact) ranked = ranked.map((r) => (r.exact ? r : { ...r, value: r.value * 0.85 })).sort((x, y) => y.value - x.value);
  const [first, second] = ranked;
  const rival = second ? second.value : 0;
  const shut = first.value < enough || first.value - rival < MARGIN;
  return { outcome: shut ? 'ambiguous' : 'found', control: shut ? null : first.control, margin: first.value - rival };
};
