// Kinds: what is a control, what is a button, what can be seen, and how one finds one's way up the page.

const TYPED = new Set(['text', 'search', 'tel', 'url', 'email', 'password', 'number', '']);
const BUTTONS = new Set(['button', 'submit', 'reset', 'image']);
const ROLES = new Set(['textbox', 'combobox', 'searchbox', 'spinbutton', 'listbox', 'checkbox', 'radio', 'switch', 'slider']);
const SKIPPED = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'HEAD', 'SVG', 'svg', 'OPTION', 'OPTGROUP', 'DATALIST', 'IFRAME', 'OBJECT', 'VIDEO', 'AUDIO', 'CANVAS']);

const typeOf = (el) => (el.tagName === 'INPUT' ? (el.getAttribute('type') || 'text').toLowerCase() : '');
const isEditable = (el) => el.isContentEditable && !(el.parentElement && el.parentElement.isContentEditable);

const roleOf = (el) => {
  const role = (el.getAttribute('role') || '').toLowerCase().split(' ')[0];
  const tag = el.tagName;
  if (tag === 'SELECT') return 'select';
  if (tag === 'TEXTAREA') return 'textbox';
  if (tag === 'INPUT') {
    const type = typeOf(el);
    if (type === 'checkbox' || type === 'radio') return type;
    if (type === 'file' || type === 'range') return type === 'file' ? 'file' : 'slider';
    if (['date', 'time', 'month', 'week', 'datetime-local', 'color'].includes(type)) return type;
    return role === 'combobox' ? 'combobox' : 'textbox';
  }
  if (ROLES.has(role)) return role;
  if (opensList(el)) return 'combobox';
  if (el.matches('.ui-slider-handle')) return 'slider'; // jQuery UI says it by the look alone
  return isEditable(el) ? 'editor' : '';
};

// A button that is the whole of a field and shows its value: it opens a list. The arrow beside a box that is typed into is none.
const opensList = (el) => el.getAttribute('aria-haspopup') === 'listbox' && /^(|button)$/.test(el.getAttribute('role') || '') && /^(BUTTON|DIV|SPAN)$/.test(el.tagName)
  && Boolean(el.parentElement) && !el.parentElement.querySelector('input:not([type=hidden]),[role=combobox]');

const isButton = (el) => {
  const tag = el.tagName;
  if (opensList(el)) return false;
  if (tag === 'BUTTON') return !/^(combobox|checkbox|radio|switch|listbox)$/.test(el.getAttribute('role') || '');
  if (tag === 'INPUT') return BUTTONS.has(typeOf(el));
  return /^(button|link|menuitem|tab)$/.test(el.getAttribute('role') || '');
};

// Does it lie over the page, as what a field or button has opened?
const floats = (el, within = 'dialog') => {
  for (let at = el; at && !(within && at.getAttribute('role') === within); at = parentOf(at)) if (/absolute|fixed/.test(getComputedStyle(at).position)) return true;
  return false;
};

const isControl = (el) => {
  const tag = el.tagName;
  if (tag === 'INPUT') return !BUTTONS.has(typeOf(el)) && typeOf(el) !== 'hidden';
  if (tag === 'SELECT' || tag === 'TEXTAREA') return true;
  const role = (el.getAttribute('role') || '').toLowerCase();
  if (ROLES.has(role)) {
    if (role === 'listbox' && (!el.hasAttribute('tabindex') || floats(el))) return false; // what a field has opened
    return !el.querySelector('input:not([type=hidden]),select,textarea');
  }
  return isEditable(el) || opensList(el) || el.matches('.ui-slider-handle');
};

// Has this document an open shadow root? Only then the way up leads elsewhere than the browser's own.
let shadowed = false;
const parentOf = (node) => (shadowed && node.assignedSlot) || node.parentElement || (shadowed && node.getRootNode() instanceof ShadowRoot ? node.getRootNode().host : null);
const contains = (outer, inner) => {
  if (outer.contains(inner)) return true;
  if (!shadowed) return false;
  for (let at = inner; at; at = parentOf(at)) if (at === outer) return true;
  return false;
};

const rectOf = (el) => {
  const r = el.getBoundingClientRect();
  return { left: r.left, top: r.top, right: r.right, bottom: r.bottom, width: r.width, height: r.height };
};

const isShown = (el) => {
  const style = getComputedStyle(el);
  if (style.visibility !== 'visible' || style.display === 'none') return false;
  const r = el.getBoundingClientRect();
  return r.width > 1 && r.height > 1 && el.checkVisibility();
};
