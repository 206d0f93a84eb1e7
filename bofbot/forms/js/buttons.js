// Buttons: what a person would press for these words: buttons first, then links, then whatever takes a click.

const CLICKABLE = 'button,input[type=submit],input[type=button],input[type=reset],input[type=image],a,area,summary,[role=button],[role=link],[role=menuitem],[role=tab],[role=option],[role=switch],[onclick]';

const buttonNames = (el) => {
  const pictures = [...el.querySelectorAll('img[alt],svg title')].map((p) => p.alt || p.textContent);
  return [el.tagName === 'INPUT' ? el.value || el.alt : el.innerText || (isShown(el) ? '' : el.textContent), el.getAttribute('aria-label'), el.getAttribute('title'), ...pictures].filter((name) => name && compact(name));
};

const rankOf = (el) => {
  if (el.matches('button,input,[role=button]')) return 3;
  if (el.matches('a[href],area,summary,[role=link],[role=menuitem],[role=tab]')) return 2;
  return 1;
};

const allElements = function* allElements(root) {
  for (const el of root.querySelectorAll('*')) {
    yield el;
    if (el.shadowRoot) {
      shadowed = true;
      yield* allElements(el.shadowRoot);
    }
  }
};

const pointed = (el) => getComputedStyle(el).cursor === 'pointer' && el.children.length < 3 && compact(el.textContent).length < 40;

const clickables = (wanted) => {
  const found = [];
  for (const el of allElements(document)) {
    const formal = el.matches(CLICKABLE);
    if (!formal && !(el.children.length < 3 && core(el.textContent || '') === core(wanted) && isShown(el) && pointed(el))) continue;
    const names = buttonNames(el);
    const like = Math.max(0, ...names.map((name) => likeness(wanted, name)));
    found.push({ el, name: tidy(names[0]), like, rank: formal ? rankOf(el) : 1, shown: isShown(el), at: 0 });
  }
  return found;
};

const findButton = (wanted) => {
  const parts = wanted.split(/\s*[>＞›]\s*/).filter(Boolean);
  const label = parts.pop() || wanted;
  const all = clickables(label);
  let hits = all.filter((b) => b.like >= 0.9 && b.shown);
  if (parts.length && hits.length) hits = underSection(parts, hits);
  const dialog = openDialog();
  const inside = dialog ? hits.filter((b) => contains(dialog, b.el)) : [];
  if (inside.length) hits = inside;
  hits = hits.filter((b) => !hits.some((o) => o !== b && contains(b.el, o.el) && o.rank >= b.rank));
  hits = hits.filter((b) => !hits.some((o) => o !== b && contains(o.el, b.el) && o.rank > b.rank));
  const best = Math.max(0, ...hits.map((b) => b.like));
  hits = hits.filter((b) => b.like >= best - 0.01);
  const rank = Math.max(0, ...hits.map((b) => b.rank));
  hits = hits.filter((b) => b.rank === rank);
  const usable = hits.filter((b) => !isDisabled(b.el));
  if (hits.length > 1 && usable.length === 1) hits = usable;
  return { hits, all };
};

const underSection = (parts, hits) => {
  const page = new Page();
  const withPlace = hits.map((b) => ({ control: { el: b.el, at: placeOf(page, b.el) }, button: b }));
  let some = withPlace;
  for (const section of parts) some = within(page, section, some);
  return some.map((one) => one.button);
};

const placeOf = (page, el) => {
  const token = page.tokens.find((t) => t.el === el || (t.kind === 'text' && contains(el, t.el)) || contains(t.el, el));
  return token ? token.at : 0;
};

// Where to click for these words: {outcome, x, y} or the reason why not.
const press = (asked) => {
  const wanted = asked.words || asked;
  const { hits, all } = findButton(wanted);
  const near = () => [...all.map((b) => ({ ...b, alike: Math.max(b.like, resemblance(wanted.split(/[>＞›]/).pop(), b.name)) })).filter((b) => b.alike > 0.4).sort((a, b) => b.alike - a.alike).slice(0, 4).map((b) => ({ label: b.name, role: b.rank === 3 ? 'button' : 'link', ...(stateOfButton(b) || { code: b.like >= 0.9 ? 'same' : 'other' }) })), ...notButtons(wanted)].slice(0, 5);
  const unseen = all.filter((b) => b.like >= 0.9 && !b.shown);
  if (!hits.length && unseen.length === 1) return { plain: { outcome: 'blocked', ...hiddenBy(unseen[0].el), candidates: near() }, control: unseen[0].el };
  if (hits.length !== 1) return { plain: { outcome: hits.length ? 'ambiguous' : 'missing', candidates: near(), says: hits.length ? null : pageSays() }, control: null };
  const trouble = stateOfButton(hits[0]);
  if (trouble) return { plain: { outcome: 'blocked', ...trouble, candidates: near() }, control: hits[0].el };
  const seen = asked.words ? buttonSeen(hits[0].el, asked.known) : null;
  if (seen && seen.rival) return { plain: { outcome: 'blocked', code: 'crossed', detail: seen.rival, candidates: near() }, control: hits[0].el };
  const { x, y } = reach(hits[0].el);
  return { plain: { outcome: 'found', x, y, name: hits[0].name, ...(seen || {}), candidates: [] }, control: hits[0].el };
};

// Fields and plain words of that name: there is nothing to press.
const notButtons = (wanted) => {
  const page = new Page();
  const label = wanted.split(/[>＞›]/).pop().trim();
  const field = resolve(page, label).control;
  const fields = field ? [{ label, role: field.role, code: 'isfield' }] : [];
  const texts = findTexts(page, label).filter((t) => t.like >= 0.9 && !t.el.closest(CLICKABLE)).slice(0, 1);
  return [...fields, ...(field ? [] : texts.map(() => ({ label, role: 'text', code: 'onlytext' })))];
};

const stateOfButton = (b) => troubleOf({ el: b.el, gone: false }, { forTyping: false });
