// Doubt: ties that a page has written, held against what the eye sees; where the two disagree neither is believed blindly.

const LIE = 0.2; // by how much the eye must be surer than the written tie

const firstTokenIn = (page, el) => {
  const token = page.tokens.find((t) => t.kind === 'text' && !isNoise(t.text) && contains(el, t.el));
  return token ? token.at : -1;
};

// Fields of one form that bear one id, as copied lines of a list do: {id: fields}; null when there are none.
const copiedFields = (controls) => {
  const byId = new Map();
  let copies = null;
  for (const control of controls) {
    const { id } = control.el;
    if (!id) continue;
    if (byId.has(id)) (copies = copies || new Map()).set(id, byId.get(id));
    else byId.set(id, []);
    byId.get(id).push(control);
  }
  return copies;
};

const listOf = (el) => { const row = rowAround(el); return row && row.parentElement; };
const isInList = (a, b) => Boolean(listOf(a)) && listOf(a) === listOf(b);

// The browser ties every copy of a label to the first field of that id; its author meant the one that it stands at.
const copyMeant = (label, first, copies) => {
  if (label.contains(first.el)) return first;
  const own = copies.filter((c) => isInList(c.el, first.el) && contains(listOf(first.el), label));
  for (let at = parentOf(label); at && own.length > 1; at = parentOf(at)) {
    const inside = own.filter((c) => contains(at, c.el));
    if (inside.length) return inside.find((c) => label.compareDocumentPosition(c.el) & Node.DOCUMENT_POSITION_FOLLOWING) || inside[inside.length - 1];
  }
  return first;
};

// Two labels with different words tied to one control are a slip of the page's author: neither is believed blindly.
const trust = (page, control) => {
  if (control.trust) return control.trust;
  const words = new Set((control.labels || []).filter(isShown).map((label) => core(plainText(label))).filter(Boolean));
  const slip = words.size > 1 && (control.labels || []).some((label) => {
    const after = page.controls.find((c) => c.shown && c.at > firstTokenIn(page, label));
    return firstTokenIn(page, label) > control.at && after && !(after.labels || []).length && unitsInside(page, lca(label, after.el)).size === 1;
  });
  return (control.trust = slip ? 0.9 : 1);
};

const seenTie = (page, text, control) => Math.max(tie(page, text, control), eyeTie(page, text, control));

// How strongly the words that stand nearest to a control name it, those of `text` apart (and, but for `own`, the same words elsewhere).
const otherWords = (page, text, control, own) => {
  const words = text.parts.map((part) => part.text).join(' ');
  let best = 0;
  const look = (step, most) => {
    for (let k = control.at + step, n = 0; n < most && page.tokens[k]; k += step, n += 1) {
      const token = page.tokens[k];
      if (token.kind !== 'text' || isFiller(token.text) || isAside(token) || (k >= text.first && k <= text.last) || (!own && likeness(words, token.text) >= 0.9)) continue;
      best = Math.max(best, seenTie(page, { first: k, last: k, el: token.el, parts: [token], rect: page.rectOf(token) }, control));
    }
  };
  look(-1, 4);
  look(1, 3);
  return best;
};

// The field that a label stands at, when `for` ties it to another one that has its own words beside it; else null.
const contradicted = (page, texts, text, label, tied) => {
  if (!tied.shown || contains(label, tied.el) || !isShown(label)) return null;
  const home = unitsInside(page, homeOf(page, text.el) || document.body);
  if (home.size === 1 && home.has(tied.unit) && tied.unit.members.length === 1) return null;
  const mine = seenTie(page, text, tied);
  let best = null;
  for (const control of near(page, text)) {
    const member = memberFor(page, text, control);
    if (member === tied || (member.el.id && member.el.id === tied.el.id) || (member.unit === tied.unit && !TICKED.has(member.role))) continue;
    const value = seenTie(page, text, member);
    if (value > 0.6 && value >= mine + LIE && (!best || value > best.value)) best = { control: member, value };
  }
  if (!best || texts.some((same) => same !== text && same.like >= 0.9 && seenTie(page, same, tied) > 0.6)) return null;
  if (home.size === 1 && home.has(best.control.unit) && best.value > 0.85 && mine < 0.1) return best.control; // the label shares its box with that field alone
  if (otherWords(page, text, tied) < mine + LIE / 2) return null;
  return otherWords(page, text, best.control, true) <= best.value + 0.04 ? best.control : null;
};
