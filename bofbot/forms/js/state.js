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

// Where to try: the middle and beside it. A link broken over two lines has its middle between its halves, where it is not.
const spotsOf = (el, r) => {
  const parts = [...el.getClientRects()].filter((part) => part.width > 1 && part.height > 1);
  if (parts.length > 1) return parts.map((part) => [part.left + part.width / 2, part.top + part.height / 2]);
  return [0.5, 0.2, 0.8].map((fx) => [r.left + r.width * fx, r.top + r.height / 2]);
};

// The point where a click would reach the element, or what lies over it: {x, y} | {over}.
const reach = (el) => {
  let r = el.getBoundingClientRect();
  const outside = r.top < 0 || r.left < 0 || r.bottom > innerHeight || r.right > innerWidth;
  if (outside || topAt(r.left + r.width / 2, r.top + r.height / 2) === null) {
    el.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    r = el.getBoundingClientRect();
  }
  if (getComputedStyle(el).pointerEvents === 'none') return { dead: true };
  let over = null;
  for (const [px, py] of spotsOf(el, r)) {
    const x = Math.min(Math.max(px, 0), innerWidth - 1);
    const y = Math.min(Math.max(py, 0), innerHeight - 1);
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
  if (forTyping && isFaded(el)) return { code: 'invisible' };
  if (squeezedBy(el)) return { code: 'squeezed' };
  const at = reach(el);
  if (at.dead) return { code: 'nopointer' };
  if (!at.x && at.over) return { code: 'covered', detail: nameOf(at.over) };
  if (!at.x) return { code: 'offscreen' };
  return null;
};

// A text box that is there but cannot be seen is a trap for programs, or waits for something.
const isFaded = (el) => {
  if (!/^(INPUT|TEXTAREA)$/.test(el.tagName) || !/^(textbox|editor)$/.test(roleOf(el))) return false;
  const own = getComputedStyle(el);
  if (/inset\((50|100)%|circle\(0/.test(own.clipPath) || (own.position === 'absolute' && /^rect\(0px,? 0px,? 0px,? 0px\)$/.test(own.clip))) return true;
  for (let at = el; at; at = parentOf(at)) if (Number(getComputedStyle(at).opacity) < 0.05) return true;
  return false;
};

// The part of the page around it that has been folded to nothing.
const squeezedBy = (el) => {
  for (let at = parentOf(el); at && at !== document.body; at = parentOf(at)) {
    const r = at.getBoundingClientRect();
    if ((r.height < 2 || r.width < 2) && /hidden|clip/.test(getComputedStyle(at).overflow)) return at;
  }
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
    if (style.contentVisibility === 'hidden' && at !== el) return { code: 'hidden' };
  }
  return { code: 'tiny' };
};

const openDialog = () => {
  const all = [...document.querySelectorAll('dialog[open],[role=dialog],[role=alertdialog],[aria-modal=true]')].filter(isShown);
  return all[all.length - 1] || null;
};

// What kind of page stands here instead of the one that was meant, and what it says: {code, detail} or null.
const STRANGE = [
  ['maintenance', /メンテナンス(中|のため|を実施)|ただいまご利用(いた|に)|サービス(を)?停止|under maintenance|scheduled maintenance|temporarily unavailable|be back soon/i],
  ['expired', /(セッション|ログイン).{0,12}(切れ|タイムアウト|有効期限|無効)|タイムアウトしました|session (has )?(expired|timed out|ended)|(logged|signed) out/i],
  ['errorpage', /(^|\D)(40[0-9]|50[0-4])(\D|$).{0,40}(error|not found|forbidden|unavailable|エラー)|システムエラー|エラーが発生|ページが見つかりません|アクセス(が拒否|できません)|page not found|access denied|internal server error|something went wrong/i],
];
const pageSays = () => {
  const body = document.body;
  if (!body) return { code: 'blank', detail: '' };
  if (location.protocol === 'chrome-error:') return { code: 'unloaded', detail: squeeze(body.innerText).slice(0, 80) };
  const message = [...document.querySelectorAll('[role=alert],[role=alertdialog],.error,.alert,.alert-danger')].filter(isShown).map((el) => squeeze(el.innerText)).find(Boolean);
  const heading = [...document.querySelectorAll('h1,h2,[role=heading]')].filter(isShown).map((el) => squeeze(el.innerText)).find(Boolean);
  const text = squeeze(body.innerText).slice(0, 600);
  if (!text && !body.querySelector('input,select,textarea,button,iframe,canvas')) return { code: 'blank', detail: '' };
  const telling = [document.title, heading, message, text.length < 400 ? text : ''].filter(Boolean).join(' / ');
  for (const [code, words] of STRANGE) if (words.test(telling)) return { code, detail: (message || heading || text).slice(0, 80) };
  if ([...document.querySelectorAll('input[type=password]')].some(isShown)) return { code: 'loginpage', detail: heading || document.title || '' };
  return message ? { code: 'message', detail: message.slice(0, 80) } : null;
};
