// State: can a person use this control right now, and if not, why?

const topAt = (x, y) => {
  let el = document.elementFromPoint(x, y);
  while (el && el.shadowRoot) {
    const inner = el.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner === el) break;
    el = inner;
  }
  return el;
};

const nameOf = (el) => squeeze(el.getAttribute('aria-label') || el.innerText || el.title || el.alt || el.id || el.className || el.tagName).slice(0, 40);

const isDisabled = (el) => el.matches(':disabled') || Boolean(el.closest('[aria-disabled=true]')) || Boolean(el.closest('[inert]'));
const isReadOnly = (el) => el.readOnly === true || el.getAttribute('aria-readonly') === 'true';

// The point where a click would reach the element, or what lies over it: {x, y} | {over}.
const reach = (el) => {
  let r = el.getBoundingClientRect();
  const outside = r.top < 0 || r.left < 0 || r.bottom > innerHeight || r.right > innerWidth;
  if (outside || topAt(r.left + r.width / 2, r.top + r.height / 2) === null) {
    el.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    r = el.getBoundingClientRect();
  }
  let over = null;
  for (const [fx, fy] of [[0.5, 0.5], [0.2, 0.5], [0.8, 0.5]]) {
    const x = Math.min(Math.max(r.left + r.width * fx, 0), innerWidth - 1);
    const y = Math.min(Math.max(r.top + r.height * fy, 0), innerHeight - 1);
    if (x < r.left || x > r.right || y < r.top || y > r.bottom) continue;
    const top = topAt(x, y);
    if (top && (contains(el, top) || contains(top, el) || belongs(top, el))) return { x, y };
    over = over || top;
  }
  return { over };
};

// A floating label or an icon inside the field covers nothing.
const belongs = (top, el) => {
  const label = labelAround(top);
  if (label && (label.control === el || label.contains(el))) return true;
  if (el.getAttribute('role') === 'combobox') { // what such a box shows lies over it
    let at = parentOf(el);
    for (let level = 0; level < 4 && at && at.querySelectorAll('input,select,textarea').length === 1; at = parentOf(at), level += 1) {
      if (contains(at, top) && top.getBoundingClientRect().height < 80) return true;
    }
  }
  const field = parentOf(el);
  const small = top.getBoundingClientRect();
  const own = el.getBoundingClientRect();
  return Boolean(field) && contains(field, top) && !isControl(top) && small.width <= own.width && small.height <= own.height + 4;
};

// '' when usable, else {code, detail}. Codes are put into words in Python.
const troubleOf = (control, { forTyping = true } = {}) => {
  const { el } = control;
  if (!el.isConnected) return { code: 'gone' };
  if (control.gone || !isShown(el)) return hiddenBy(el);
  if (isDisabled(el)) return { code: 'disabled' };
  if (forTyping && isReadOnly(el)) return { code: 'readonly' };
  const at = reach(el);
  if (!at.x && at.over) return { code: 'covered', detail: nameOf(at.over) };
  if (!at.x) return { code: 'offscreen' };
  return null;
};

const hiddenBy = (el) => {
  const closed = el.closest('details:not([open])');
  if (closed) return { code: 'folded', detail: nameOf(closed.querySelector('summary') || closed) };
  for (let at = el; at; at = parentOf(at)) {
    const style = getComputedStyle(at);
    const panel = at.getAttribute && (at.getAttribute('role') || '');
    if (style.display === 'none' && panel === 'tabpanel') {
      const tab = document.getElementById(at.getAttribute('aria-labelledby') || '');
      return { code: 'tab', detail: tab ? nameOf(tab) : '' };
    }
    if (style.display === 'none') return { code: 'hidden' };
    if (style.visibility !== 'visible') return { code: 'invisible' };
  }
  return { code: 'tiny' };
};

const openDialog = () => {
  const all = [...document.querySelectorAll('dialog[open],[role=dialog],[role=alertdialog],[aria-modal=true]')].filter(isShown);
  return all[all.length - 1] || null;
};
