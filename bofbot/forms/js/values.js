// Values: how a value is written for a field, over several boxes, or as an option; and when two writings mean the same.

const pad = (n) => String(n).padStart(2, '0');

// 2026-04-01, 2026/4/1, 2026年4月1日 → [y, m, d]
const dayOf = (text) => {
  const m = nfkc(text).trim().match(/^(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?$/);
  return m ? [m[1], m[2], m[3]] : null;
};

// 9:05, 9時5分, 9:05 PM, 午後9時5分 → 21:05
const timeOf = (text) => {
  const m = nfkc(text).trim().toLowerCase().match(/^(午前|午後|am|pm)?\s*(\d{1,2})[:時](\d{1,2})?(?:分|:\d\d)?\s*(am|pm|a\.m\.|p\.m\.)?$/);
  if (!m) return '';
  const half = m[1] || m[4] || '';
  const hour = half ? (Number(m[2]) % 12) + (/午後|^p/.test(half) ? 12 : 0) : Number(m[2]);
  return `${pad(hour)}:${pad(m[3] || 0)}`;
};

// How a date is written here: as the box's hint or pattern shows, else 2026/04/01.
const dateFor = (el, [y, m, d]) => {
  const hint = nfkc(`${el.placeholder || ''} ${el.getAttribute('data-date-format') || ''} ${el.value || ''}`).toLowerCase();
  if (!d) return /\d{4}-\d|yyyy-mm/.test(hint) ? `${y}-${pad(m)}` : `${y}/${pad(m)}`;
  if (/yyyy-mm|\d{4}-\d{1,2}-/.test(hint)) return `${y}-${pad(m)}-${pad(d)}`;
  if (/yyyymmdd|(^|\D)\d{8}(\D|$)/.test(hint)) return `${y}${pad(m)}${pad(d)}`;
  if (/年/.test(hint)) return `${y}年${m}月${d}日`;
  if (/mm\/dd\/y/.test(hint)) return `${pad(m)}/${pad(d)}/${y}`;
  if (/dd\/mm\/y/.test(hint)) return `${pad(d)}/${pad(m)}/${y}`;
  if (/dd\.mm\.y/.test(hint)) return `${pad(d)}.${pad(m)}.${y}`;
  return `${y}/${pad(m)}/${pad(d)}`;
};

const textFor = (control, field) => {
  const { el, role } = control;
  const day = dayOf(field.text);
  if (role === 'date' && day && day[2]) return `${day[0]}-${pad(day[1])}-${pad(day[2])}`;
  if (role === 'month' && day) return `${day[0]}-${pad(day[1])}`;
  if (role === 'time') return timeOf(field.text) || field.text;
  if (role === 'datetime-local') return nfkc(field.text).trim().replace(/\//g, '-').replace(' ', 'T').slice(0, 16);
  if (role === 'textbox' && field.kind === 'date' && day) return dateFor(el, day);
  if (typeOf(el) === 'number') return nfkc(field.text).replace(/,/g, '').trim();
  return field.text;
};

const valueOf = (el) => (el.isContentEditable ? el.innerText.replace(/\n$/, '') : el.tagName === 'SELECT' ? [...el.selectedOptions].map((o) => squeeze(o.text)).join(', ') : el.value !== undefined ? el.value : squeeze(el.innerText));

const digits = (text) => nfkc(text).replace(/[,\s¥$€円\-‐ー/年月日.:()]/g, '');
const sameValue = (wrote, read) => {
  const a = nfkc(wrote).replace(/\r\n?/g, '\n').trim();
  const b = nfkc(read).replace(/\r\n?/g, '\n').trim();
  if (a === b) return true;
  if (/^[-\d,.\s¥円]+$/.test(a) && /^[-\d,.\s¥円]+$/.test(b)) {
    const number = (t) => (/^-?[\d,]*\.?\d+$/.test(t.replace(/[\s¥円]/g, '')) ? Number(t.replace(/[,\s¥円]/g, '')) : NaN);
    if (number(a) === number(b)) return true;
  }
  const da = dayOf(a);
  const db = dayOf(b);
  if (da && db) return da.every((part, i) => Number(part || 0) === Number(db[i] || 0));
  return /^[\d\-‐ー()\s]+$/.test(a) && /^[\d\-‐ー()\s]+$/.test(b) && digits(a) === digits(b) && a.replace(/\D/g, '').length > 5 && !/^-/.test(a) === !/^-/.test(b);
};

// Alb…ia: the only entry that begins and ends so. Null for words without a gap.
const elided = (text) => {
  const [head, ...rest] = (text || '').split('\u2026').map(compact);
  if (rest.length !== 1 || !(head || rest[0])) return null;
  return (words) => compact(words).startsWith(head) && compact(words).endsWith(rest[0]);
};

// The option meant by a text: the same words, the same value, else the only one with these words as one of its parts.
const optionFor = (select, text) => {
  const options = [...select.options];
  const ways = [
    (o) => compact(o.text) === compact(text),
    (o) => core(o.text) === core(text),
    (o) => o.value === text,
    (o) => nfkc(o.text).split(/[\s:：|/()（）]+/).some((part) => compact(part) === compact(text)),
    (o) => /^\d+$/.test(text) && new RegExp(`^0*${Number(text)}(年|月|日|時|分)?$`).test(compact(o.text)),
    (o) => Boolean(elided(text)) && elided(text)(o.text),
  ];
  for (const way of ways) {
    const hits = options.filter(way);
    if (hits.length === 1) return { option: hits[0] };
    if (hits.length > 1) return { several: hits.map((o) => squeeze(o.text)) };
  }
  const real = options.filter((o) => o.value && !o.disabled); // 選択してください is no choice
  return { nearest: real.map((o) => squeeze(o.text)).filter(Boolean).sort((a, b) => resemblance(text, b) - resemblance(text, a)).slice(0, 5) };
};

const ERAS = [['令和', 'R', 2019, '2019-05-01'], ['平成', 'H', 1989, '1989-01-08'], ['昭和', 'S', 1926, '1926-12-25'], ['大正', 'T', 1912, '1912-07-30']];
const isEraList = (el) => el.tagName === 'SELECT' && [...el.options].some((o) => /令和|平成|昭和|^[RHS]$/.test(o.text.trim()));

// 2026-04-01 → [令和, 8, 4, 1], or [西暦, 2026, 4, 1] where the list has that.
const eraParts = (el, [y, m, d]) => {
  const texts = [...el.options].map((o) => nfkc(o.text).trim());
  if (texts.includes('西暦')) return ['西暦', y, m, d];
  const [name, letter, from] = ERAS.find((era) => `${y}-${pad(m)}-${pad(d || 1)}` >= era[3]) || [];
  return name ? [texts.find((t) => t.startsWith(name)) || letter, String(y - from + 1), m, d] : null;
};

const MOMENT = /^(\d{4}-\d{1,2}-\d{1,2})[T ](\d{1,2}):(\d{1,2})$/;

// One value over several boxes: by its own separators, else by the lengths of the boxes. `joints` is what stands between them.
const spread = (members, field, joints = []) => {
  const n = members.length;
  const cuts = joints.flatMap((joint, i) => (RANGE.test(joint) ? [i + 1] : []));
  const ends = field.list && field.list.length === 2 ? field.list : nfkc(field.text).split(/\s*[~〜～]\s*/);
  if (n > 2 && cuts.length === 1 && ends.length === 2) {
    const both = [[members.slice(0, cuts[0]), ends[0]], [members.slice(cuts[0]), ends[1]]].map(([some, text]) => (some.length === 1 ? [text] : spread(some, { ...field, list: null, text })));
    return both.every(Boolean) ? both.flat() : null;
  }
  if (field.list) return field.list.length === n ? field.list : null;
  const day = dayOf(field.text);
  if (day && isEraList(members[0].el)) {
    const parts = (eraParts(members[0].el, day) || []).filter(Boolean);
    return parts.length === n ? parts : null;
  }
  if (day && day.filter(Boolean).length === n && n > 1) return day.filter(Boolean);
  if (day && n > 1 && field.kind === 'date') return null;
  const moment = field.text.match(MOMENT);
  if (moment) {
    if (n === 2) return [moment[1], `${moment[2]}:${moment[3]}`];
    const parts = [...dayOf(moment[1]), moment[2], moment[3]];
    return parts.length === n ? parts : null;
  }
  for (const cut of [/[~〜～]/, /[@＠]/, /[-‐－ー–—/\s()（）:]+/]) {
    const parts = nfkc(field.text).split(cut).map((p) => p.trim()).filter(Boolean);
    if (parts.length === n) return parts;
  }
  const sizes = members.map((m) => m.el.maxLength);
  const bare = nfkc(field.text).replace(/[-\s]/g, '');
  if (sizes.every((s) => s > 0) && sizes.reduce((a, b) => a + b, 0) === bare.length) {
    let at = 0;
    return sizes.map((s) => bare.slice(at, (at += s)));
  }
  return null;
};

// A box of several as it should be: the option meant, the same value, or the same number (04 and 4).
const boxHolds = (el, part) => {
  if (el.tagName === 'SELECT') { const { option } = optionFor(el, part); return Boolean(option && option.selected); }
  const read = valueOf(el);
  return sameValue(textFor({ el, role: roleOf(el) }, { text: part, kind: 'text' }), read) || sameValue(part, read) || (/^\d+$/.test(part) && Number(read) === Number(part));
};
