// Fingerprint: what sets a field or button apart from its neighbours, and which one is it again on a page that changed.
// Words of the page are kept as hashes, values and what people typed not at all.

// Weights by principle: what an author gives a thing to tell it apart counts 3, what describes it 2, where it stands 1.
// The words looked for count most: they are what a person goes by.
const WEIGHTS = { words: 4, id: 3, name: 3, test: 3, href: 3, sends: 3, options: 3, under: 2, auto: 2, hint: 2, aria: 2, kind: 1, limits: 1, form: 1, section: 1, before: 1, after: 1, place: 0.5, size: 0.5 };
const IDENTITY = ['id', 'name', 'test', 'href', 'sends', 'options'];
const AGREED = 0.5; // at least half of what was known still agrees
const APART = 0.2; // and nothing else on the page comes near
const WORTH_SAYING = 0.3;

const hashOf = remembered((text) => {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i += 1) {
    a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
    b = Math.imul(b ^ text.charCodeAt(i), 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
});
const hashed = (text) => { const bare = core(text || ''); return bare ? hashOf(bare) : ''; };

// Made up anew for each page load by a framework: :r3:, ember214, 9f8a7c6b5d…
const GENERATED = /^:|:$|^(ember|react|radix|mui|headlessui|ext-gen|ng-)[-_]?\w*\d|[0-9a-f]{8,}|\d{5,}/i;
const steady = (text) => (text && text.length <= 80 && !GENERATED.test(text) ? text : '');
const counted = (text) => /\d/.test(String(text)); // field3, q_12: a number in a row rather than a name

const GIVEN = ['data-testid', 'data-test', 'data-qa', 'data-cy', 'data-field', 'data-name', 'data-key', 'formcontrolname', 'ng-model', 'ng-reflect-name', 'x-model', 'wire:model', 'data-bind'];
const testId = (el) => steady(GIVEN.map((name) => el.getAttribute(name)).find(Boolean));
const formKey = (form) => { if (!form) return ''; const to = (form.getAttribute('action') || '').split(/[?#]/)[0]; return [steady(form.id), steady(form.getAttribute('name')), GENERATED.test(to) ? '' : to].join('|'); };

// What a field is called, in few steps: for the neighbours' names.
const callName = (page, control) => {
  if (control.call !== undefined) return control.call;
  const group = control.unit.members.length > 1 && TICKED.has(control.role) ? groupName(page, control) : '';
  const written = writtenNames(control).find((n) => n.kind !== 'option');
  let name = group || (written && written.text) || '';
  for (let k = control.unit.members[0].at - 1, n = 0; !name && k >= 0 && n < 4; k -= 1, n += 1) {
    const token = page.tokens[k];
    if (token.kind === 'control') break;
    if (token.kind === 'text' && !isFiller(token.text)) name = token.text;
  }
  return (control.call = name);
};

const shownUnits = (page) => {
  if (!page.unitList) {
    page.unitList = [...new Set(page.controls.filter((c) => c.shown).map((c) => c.unit))];
    page.unitPlace = new Map(page.unitList.map((unit, i) => [unit, i]));
  }
  return page.unitList;
};

const headingOver = (page, el, at) => {
  const set = el.closest('fieldset');
  const legend = set && set.querySelector(':scope > legend');
  if (legend && compact(plainText(legend))) return hashed(plainText(legend));
  if (!page.headings) {
    let last = '';
    page.headings = page.tokens.map((token) => { if (token.kind === 'text' && token.el.closest && /^(H[1-6]|CAPTION)$/.test(headingLevel(token.el))) last = token.text; return last; });
  }
  return hashed(page.headings[Math.min(Math.max(at, 0), page.headings.length - 1)] || '');
};

const filled = (signals) => Object.fromEntries(Object.entries(signals).filter(([, value]) => value !== '' && value !== null && value !== undefined && !(Array.isArray(value) && !value.length)));

const limitsOf = (el) => { const said = ['maxlength', 'minlength', 'min', 'max', 'step', 'pattern', 'inputmode', 'accept'].map((name) => el.getAttribute(name) || '').join('|'); return /[^|]/.test(said) ? hashOf(said) : ''; };

const optionHashes = (control) => {
  const { el, role, unit } = control;
  if (role === 'select') return el.options.length > 1 ? [...el.options].slice(0, 24).map((o) => hashed(o.text)).filter(Boolean) : [];
  return TICKED.has(role) && unit.members.length > 1 ? unit.members.slice(0, 24).map((m) => hashOf(String(m.el.value || ''))) : [];
};

// The signals of a field; null for one whose content is nobody's business.
const printOf = (page, control) => {
  const { el, role, unit } = control;
  if (isSecret(el)) return null;
  if (control.print) return control.print;
  const units = shownUnits(page);
  const i = page.unitPlace.get(unit);
  const beside = (k) => (i === undefined || !units[k] ? '' : hashed(callName(page, units[k].members.find((m) => m.shown) || units[k].members[0])));
  const auto = (el.getAttribute('autocomplete') || '').toLowerCase();
  return (control.print = filled({
    kind: `${role}${typeOf(el) && typeOf(el) !== role ? `:${typeOf(el)}` : ''}`,
    id: steady(el.id), name: steady(el.getAttribute('name')), test: testId(el),
    auto: /^(on|off|)$/.test(auto) ? '' : auto,
    hint: hashed(el.getAttribute('placeholder')), aria: hashed(el.getAttribute('aria-label') || el.getAttribute('title')),
    limits: limitsOf(el), options: optionHashes(control),
    form: hashed(formKey(el.form)), section: headingOver(page, el, control.at),
    before: i ? beside(i - 1) : '', after: beside((i === undefined ? -2 : i) + 1),
    place: i === undefined ? '' : `${i + 1}/${units.length}`, size: unit.members.length > 1 ? String(unit.members.length) : '',
  }));
};

const sendsForm = (el) => Boolean(el.form) && ((el.tagName === 'BUTTON' && el.type === 'submit') || (el.tagName === 'INPUT' && (el.type === 'submit' || el.type === 'image')));
const wayOf = (el) => { if (el.tagName !== 'A' || !/^[^#]/.test(el.getAttribute('href') || '')) return ''; try { const url = new URL(el.href); return /^https?:$/.test(url.protocol) ? [url.pathname.replace(/\d{3,}/g, '*'), ...[...url.searchParams.keys()].sort()].join('?') : ''; } catch { return ''; } };

// The same for a button or link; `all` are the buttons of the page in order.
const printOfButton = (page, el, all) => {
  const i = all.indexOf(el);
  const beside = (k) => (all[k] ? hashed(tidy(buttonNames(all[k])[0])) : '');
  const only = sendsForm(el) && /[^|]/.test(formKey(el.form)) && all.filter((other) => other.form === el.form && sendsForm(other)).length === 1;
  return filled({
    kind: el.tagName === 'A' ? 'link' : sendsForm(el) ? 'button:submit' : 'button',
    id: steady(el.id), name: steady(el.getAttribute('name')), test: testId(el),
    href: hashed(wayOf(el)), sends: only ? hashed(`${formKey(el.form)} ${(el.form.method || '')}`) : '',
    aria: hashed(el.getAttribute('aria-label') || el.getAttribute('title')),
    form: hashed(formKey(el.form)), section: headingOver(page, el, placeOf(page, el)),
    before: beside(i - 1), after: beside(i + 1), place: `${i + 1}/${all.length}`,
  });
};

const alike = (key, was, is) => {
  if (is === undefined) return 0;
  if (key === 'options') { const now = new Set(is); const both = was.filter((o) => now.has(o)).length; return both / (was.length + now.size - both); }
  if (key === 'kind') return was === is ? 1 : was.split(':')[0] === is.split(':')[0] ? 0.5 : 0;
  return was === is ? 1 : 0;
};

// Where a label stands in another language, so do the words around it: that they differ says nothing then.
const WORDED = new Set(['before', 'after', 'section', 'hint', 'aria', 'options']);
const isJapanese = (text) => /[\u3040-\u30ff\u3400-\u9fff]/.test(text);
const isTranslated = (label, words) => Boolean(words) && isJapanese(label) !== isJapanese(words);

// How much of what was known still agrees: {value, agrees, differs}. `words`: how like its words are, null to leave them out.
const compare = (known, signals, words, under = null, translated = false) => {
  let sum = 0;
  let most = 0;
  const agrees = [];
  const differs = [];
  const take = (key, like, trust) => {
    sum += WEIGHTS[key] * trust * like;
    most += WEIGHTS[key] * trust;
    (like >= 0.6 ? agrees : differs).push(key);
  };
  if (words !== null) take('words', words, 1);
  if (under || (under === false && !translated)) take('under', under ? 1 : 0, 1);
  for (const key of Object.keys(known.signals)) {
    const like = alike(key, known.signals[key], signals[key]);
    if (!WEIGHTS[key] || (key === 'section' && under !== null) || (translated && !like && WORDED.has(key))) continue;
    take(key, like, known.trust[key] === undefined ? 1 : known.trust[key]);
  }
  return { value: most ? sum / most : 0, agrees, differs };
};

// What is known comes as text, to be read only where something differs.
const opened = (known) => (known ? (known.open = known.open || JSON.parse(known.all)) : known);
const asKnown = (signals, known) => JSON.stringify(signals) === known.same || sameSignals(signals, opened(known).signals);
const printAnswer = (signals, known) => (known ? (asKnown(signals, known) ? 1 : JSON.stringify({ signals, ...compare(opened(known), signals, null) })) : JSON.stringify({ signals }));
const sameSignals = (a, b) => Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((key) => String(a[key]) === String(b[key]));

// A signal that may tell who it is: worth believing, and not merely a number in a row until it was seen to stay.
const telling = (known, key) => IDENTITY.includes(key) && known.signals[key] !== undefined && (known.trust[key] === undefined ? 1 : known.trust[key]) >= 0.6 && (!counted(known.signals[key]) || key === 'options' || key === 'href' || key === 'sends' || (known.age[key] || 0) > 1);

const tellingOf = (known, one, all) => IDENTITY.filter((key) => telling(known, key) && alike(key, known.signals[key], one.signals[key]) >= 0.8 && !all.some((other) => other !== one && alike(key, known.signals[key], other.signals[key]) >= 0.8));

// What an author gave it by name is another now: then nothing else makes sure of it.
const renamed = (known, one) => { const given = ['id', 'name', 'test'].filter((key) => telling(known, key)); return given.length > 0 && !given.some((key) => known.signals[key] === one.signals[key]); };
const FEW_OPTIONS = 4; // yes and no are the options of many questions
const surely = (known, one, who) => !renamed(known, one) && who.some((key) => key !== 'options' || who.length > 1 || known.signals.options.length >= FEW_OPTIONS);

const FAMILY = (kind) => { const role = kind.split(':')[0]; return role === 'checkbox' || role === 'switch' ? 'tick' : role === 'radio' || role === 'file' ? role : role === 'button' || role === 'link' ? 'button' : 'text'; };

// What a field itself is called, unlike the words that merely stand near it.
const ownNames = (page, control) => {
  const { members } = control.unit;
  const ticked = TICKED.has(control.role);
  const words = writtenNames(control).filter((n) => n.kind !== 'option').map((n) => n.text);
  if (ticked && members.length > 1) words.unshift(groupName(page, control) || '');
  if (ticked && members.length === 1) words.push(wordsAfter(page, control));
  return neat([...words, callName(page, control), ...columnHeads(control.el)]);
};

const fieldCandidates = (page) => page.controls
  .filter((c) => c.shown && (c === c.unit.members.find((m) => m.shown) || c.role === 'checkbox'))
  .map((control) => ({ control, el: control.el, signals: printOf(page, control), own: () => ownNames(page, control), words: () => (control.unit.members.length > 1 ? groupWords(page, control) : wordsFor(page, control)) }))
  .filter((one) => one.signals);

const shownButtons = () => [...allElements(document)].filter((el) => el.matches(CLICKABLE) && isShown(el));
const buttonCandidates = (page) => { const all = shownButtons(); return all.map((el) => ({ el, signals: printOfButton(page, el, all), own: () => buttonNames(el).map(tidy), words: () => buttonNames(el).map(tidy) })); };

const likeWords = (label, words) => Math.max(0, ...words.map((text) => { const near = Math.max(likeness(label, text), resemblance(label, text)); return near >= 0.5 ? near : 0; }));

// One of them for the other is another thing, whatever else agrees.
const OPPOSITES = [['税込', '税抜', '税別', '消費税', '税率'], ['開始', '終了'], ['自', '至'], ['から', 'まで'], ['姓', '名'], ['せい', 'めい'], ['セイ', 'メイ'], ['カナ', '漢字'], ['借方', '貸方'], ['入金', '出金'], ['収入', '支出'], ['売', '買'], ['発注', '受注'], ['出発', '到着'], ['請求先', '送付先', '納品先', '届け先', '届先', '振込先', '支払先', '仕入先'], ['依頼人', '受取人'], ['申請', '承認', '却下', '差戻', '取消', '削除'], ['登録', '削除', '取消'], ['上限', '下限'], ['最大', '最小'], ['単価', '数量', '金額', '合計'], ['gross', 'net'], ['start', 'end'], ['from', 'to'], ['first', 'last'], ['debit', 'credit'], ['min', 'max'], ['bill', 'ship'], ['buy', 'sell'], ['approve', 'reject', 'delete', 'cancel'], ['sender', 'recipient', 'payee', 'payer'], ['price', 'quantity']];
const partsOf = (text) => new Set(core(text).match(/[a-z]+/g) || []);
const says = (text, word) => (/^[a-z]+$/.test(word) ? [...partsOf(text)].some((part) => part.startsWith(word) && (word.length > 3 || part === word)) : core(text).includes(word));
const opposed = (was, is) => OPPOSITES.some((words) => { const a = words.filter((word) => says(was, word)); const b = words.filter((word) => says(is, word)); return a.length && b.length && !a.some((word) => b.includes(word)); });

// Does the label that was resolved stand at another field now, while the field of the last good run is still there? A reason
// not to type: `crossed` when that one has other words, `ambiguous` when it has the same.
const contested = (page, control, label, packed) => {
  const mine = printOf(page, control);
  if (!mine || asKnown(mine, packed)) return null;
  const known = opened(packed);
  const others = () => fieldCandidates(page).filter((one) => one.control.unit !== control.unit);
  const given = IDENTITY.filter((key) => telling(known, key));
  if (given.some((key) => alike(key, known.signals[key], mine[key]) >= 0.8)) return null;
  const rival = given.length ? rivalOf(known, mine, others()) : null;
  if (rival) return { code: 'crossed', detail: tidy(rival.own()[0] || '') };
  const here = compare(known, mine, null).value;
  const own = label.split(/[>＞›]/).pop();
  const twin = here < AGREED && others().find((one) => compare(known, one.signals, null).value >= here + 2 * APART && likeWords(own, one.own()) >= 0.9);
  return twin ? { code: 'ambiguous' } : null;
};
const rivalOf = (known, mine, others) => {
  const here = compare(known, mine, null).value;
  const ranked = others.filter((one) => FAMILY(one.signals.kind) === FAMILY(known.signals.kind)).map((one) => ({ one, ...compare(known, one.signals, null) })).sort((x, y) => y.value - x.value);
  const [best] = ranked;
  if (!best || best.value < AGREED || best.value - here < APART || !tellingOf(known, best.one, others).length) return null;
  return best.one;
};

// A field's print for its answer: 1 when nothing changed, else a text: the signals and how far they agree.
const printFor = (page, control, known) => {
  const signals = control && printOf(page, control);
  return signals ? printAnswer(signals, known) : null;
};

// Sections that a person would name over a field: the heading before it, then those farther up, then the words of its row.
const underSections = (page, el, at, words) => {
  const all = sectionsOver(page, el, at);
  const headed = all.filter((text) => page.tokens.some((token) => token.kind === 'text' && headingLevel(token.el) && tidy(token.text) === text));
  return [...new Set([...headed, ...all])].flatMap((section) => words.filter((text) => core(text) !== core(section)).map((text) => `${section} > ${text}`));
};

// Words that resolve to this very field or button from where the robot looks, as it named it before (`section > label` or
// a plain label); "" when there are none.
const labelAgain = (page, one, prefix, section) => {
  const group = one.control && one.control.unit.members.length > 1;
  const means = (words) => {
    const whole = prefix ? `${prefix} > ${words}` : words;
    if (!one.control) { const { hits } = findButton(whole); return hits.length === 1 && hits[0].el === one.el; }
    const found = resolve(page, whole).control;
    return Boolean(found) && (group ? found.unit === one.control.unit : found === one.control);
  };
  const words = one.control ? [...new Set(one.words().flatMap((text) => [remarked(text), text]))] : neat(buttonNames(one.el));
  const at = one.control ? one.control.at : placeOf(page, one.el);
  const sections = () => underSections(page, one.el, at, words.slice(0, 4));
  if (!section) return words.find(means) || sections().find(means) || '';
  const before = words.slice(0, 6).filter((text) => core(text) !== core(section)).map((text) => `${section} > ${text}`);
  return before.find(means) || sections().find(means) || words.find(means) || '';
};

// A found button's print, or the words of the button that is rather the one known.
const buttonSeen = (el, packed) => {
  const page = new Page();
  const all = shownButtons();
  const signals = printOfButton(page, el, all);
  if (!packed || asKnown(signals, packed)) return { print: printAnswer(signals, packed) };
  const known = opened(packed);
  const same = (key) => telling(known, key) && alike(key, known.signals[key], signals[key]) >= 0.8;
  if (IDENTITY.some((key) => telling(known, key)) && !IDENTITY.some(same)) {
    const rival = rivalOf(known, signals, buttonCandidates(page).filter((one) => one.el !== el));
    if (rival) return { rival: rival.own()[0] || '?' };
  }
  return { print: printAnswer(signals, packed) };
};

const postsForm = (el) => sendsForm(el) && ((el.hasAttribute('formmethod') ? el.formMethod : el.form.method) || 'get').toLowerCase() !== 'get';

// Which field (or button) of this page is the one that was known under `label`? Answers with what agrees, sure of it or not.
const retrace = ({ label, known: packed, what, prefix, others, code }) => {
  const page = new Page();
  const known = opened(packed);
  const parts = label.split(/\s*[>＞›]\s*/).filter(Boolean);
  const own = parts.pop() || label;
  const claimed = claimedBy(page, others.filter((other) => other !== label), prefix, what);
  const all = (what === 'button' ? buttonCandidates(page) : fieldCandidates(page)).filter((one) => FAMILY(one.signals.kind) === FAMILY(known.signals.kind));
  const under = (one) => (parts.length ? within(page, parts[parts.length - 1], [{ control: one.control || { el: one.el, at: placeOf(page, one.el) } }]).length > 0 : null);
  let ranked = all.filter((one) => !claimed.has(one.el)).map((one) => { const words = one.own(); const said = likeWords(own, words); return { one, said, ...compare(known, one.signals, said, under(one), isTranslated(own, words[0])) }; });
  if (code === 'ambiguous') ranked = ranked.filter((r) => r.said >= 0.9);
  ranked.sort((x, y) => y.value - x.value);
  const [first, second] = ranked;
  if (!first || first.value < WORTH_SAYING) return { plain: { outcome: 'missing', candidates: [] }, control: null };
  const margin = first.value - (second ? second.value : 0);
  const who = tellingOf(known, first.one, all);
  const again = labelAgain(page, first.one, prefix, parts.join(' > '));
  const other = opposed(own, (again || first.one.own()[0] || '').split('>').pop());
  const sure = first.value >= AGREED && margin >= APART && (code === 'ambiguous' ? first.said >= 0.9 : surely(known, first.one, who)) && !other && Boolean(again);
  // What differs in every name that was given to it is rather another field: not even worth proposing.
  const likely = who.length > 0 || first.said >= 0.5 || first.value >= AGREED;
  const plain = { outcome: sure ? 'found' : 'weak', likely, label: again, shown: tidy(first.one.own()[0] || first.one.words()[0] || ''), score: first.value, margin, agrees: first.agrees, differs: first.differs, opposed: other, told: who, unsafe: what === 'button' && postsForm(first.one.el), candidates: [] };
  return { plain, control: first.one.el };
};

// What other labels of the robot still name is theirs.
const claimedBy = (page, labels, prefix, what) => {
  const taken = new Set();
  for (const label of labels) {
    const words = prefix ? `${prefix} > ${label}` : label;
    if (what === 'button') { const { hits } = findButton(words); if (hits.length === 1) taken.add(hits[0].el); continue; }
    const found = resolve(page, words).control;
    if (found) for (const member of found.unit.members) taken.add(member.el);
  }
  return taken;
};
