// Says: what the page itself tells a person: alerts, error text near fields, red words, a short page's heading.
() => {
const squeeze = (text) => (text || '').normalize('NFKC').replace(/\s+/g, ' ').trim();
const MARKS = /^(必須|任意|required|optional|[*※•:：?()\s])*$/i;
const isControl = (el) => /^(INPUT|SELECT|TEXTAREA)$/.test(el.tagName);
const isShown = (el) => {
  const r = el.getBoundingClientRect();
  return r.width > 1 && r.height > 1 && getComputedStyle(el).visibility === 'visible';
};
const ERRORISH = /(^|[-_\s])(error|errors|err|invalid|alert|danger|warning|warn|field-error|errmsg|feedback|message-ng|attention|caution)([-_\s]|$)/i;
const TROUBLE = /エラー|失敗|できません|誤り|不正|メンテナンス|停止|期限|タイムアウト|error|fail|denied|maintenance|unavailable|expired|not found|invalid|forbidden/i;

const isRed = (el) => {
  const rgb = getComputedStyle(el).color.match(/[\d.]+/g);
  return Boolean(rgb && +rgb[0] > 150 && +rgb[1] < 90 && +rgb[2] < 110);
};

const visibleText = (el) => squeeze(el.innerText || '').slice(0, 200);

  const said = [];
  const add = (text) => { if (text && !MARKS.test(text) && text.length <= 200 && !said.some((old) => old.includes(text))) said.push(text); };
  for (const el of document.querySelectorAll('[role=alert],[role=alertdialog],[aria-live=assertive]')) if (isShown(el)) add(visibleText(el));
  for (const el of document.querySelectorAll('[aria-invalid=true]')) {
    const ids = `${el.getAttribute('aria-errormessage') || ''} ${el.getAttribute('aria-describedby') || ''}`.split(/\s+/).filter(Boolean);
    for (const at of ids.map((id) => document.getElementById(id))) if (at && isShown(at)) add(visibleText(at));
  }
  for (const el of document.querySelectorAll('[class]')) {
    const name = el.getAttribute('class') || '';
    if (ERRORISH.test(name) && !isControl(el) && !el.querySelector('input:not([type=hidden]),select,textarea') && isShown(el)) add(visibleText(el));
  }
  for (const el of document.querySelectorAll('p,span,div,li,font,b,strong,td,small,em')) {
    if (el.children.length < 3 && el.textContent.length < 200 && isShown(el) && isRed(el)) add(visibleText(el));
  }
  for (const el of document.querySelectorAll(':user-invalid')) if (el.validationMessage && isControl(el)) add(squeeze(el.validationMessage));
  const whole = visibleText(document.body || document.documentElement);
  const heading = document.querySelector('h1,h2');
  if (heading && isShown(heading) && TROUBLE.test(heading.innerText)) add(visibleText(heading));
  if (whole.length < 160 && TROUBLE.test(whole)) add(whole);
  return said.slice(0, 8);
}
