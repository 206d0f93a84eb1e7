// Lone fields: those without a name, called by what they are: 入力欄, time box, the only list, 2nd checkbox, 検索 > 入力欄.

const isKind = (...roles) => (control) => roles.includes(control.role);
const KINDS = [
  [/^((入力|テキスト|文字)(欄|ボックス)|(text|input|entry)-?(box|field))$/, (c) => isKind('textbox', 'searchbox', 'editor')(c) && typeOf(c.el) !== 'password'],
  [/^(複数行の(入力|テキスト)欄|テキストエリア|text-?area)$/, (c) => c.el.tagName === 'TEXTAREA' || c.role === 'editor'],
  [/^(パスワード|password)(欄|-?box|-?field)$/, (c) => typeOf(c.el) === 'password'],
  [/^((選択|リスト)(欄|リスト|ボックス)|(プルダウン|ドロップダウン)(リスト|メニュー|欄)?|(drop-?down|list|selection|scroll)-?(list|menu|box)|drop-?down)$/, isKind('select', 'combobox', 'listbox')],
  [/^(日付欄|date-?(box|field|picker))$/, isKind('date', 'month', 'week', 'datetime-local')],
  [/^(時刻欄|time-?(box|field|picker))$/, isKind('time')],
  [/^(チェック(欄|ボックス)|check-?box)$/, isKind('checkbox', 'switch')],
  [/^(ラジオボタン|radio-?buttons?)$/, isKind('radio')],
  [/^(スライダー|つまみ|slider)$/, isKind('slider')],
  [/^(ファイル欄|file-?(box|field|input))$/, isKind('file')],
];
// 唯一の欄, the list, 2nd field: these words are too common to mean a kind by themselves.
const COMMON = [
  [/^(リスト|list)$/, isKind('select', 'combobox', 'listbox')],
  [/^(欄|box|field)$/, (c) => !TICKED.has(c.role) && typeOf(c.el) !== 'password'],
];
const COUNTED = /^(?:the)?(?:(\d{1,2})(?:(?:番目|つ目|個目)の?|st|nd|rd|th)|only|唯一の)?(.+)$/;

// Only where nothing on the page is called so; several of a kind are ambiguous, or counted in reading order.
const calledByKind = (page, parts, label) => {
  const said = compact(label);
  const [, nth, word] = said.match(COUNTED) || [];
  const kind = [...KINDS, ...(word === said ? [] : COMMON)].find(([words]) => words.test(word));
  if (!kind) return null;
  const first = (c) => (TICKED.has(c.role) && c.role !== 'radio' ? c : c.unit.members.find((m) => m.shown));
  const all = page.controls.filter((c) => c.shown && kind[1](c) && c === first(c));
  const usable = all.filter((c) => !isDisabled(c.el) && !isReadOnly(c.el));
  let ranked = (usable.length ? usable : all).map((control) => ({ control, value: 0.9, why: ['kind'] }));
  if (ranked.length) ranked = inFront(ranked);
  for (const section of parts) ranked = [within(page, section, ranked), besideButton(page, section, ranked)].find((some) => some.length) || [];
  if (nth) ranked = ranked.slice(nth - 1, nth);
  return ranked.length ? { ...decide(ranked), ranked, texts: [] } : null;
};

// The field that stands beside a button, in the smallest place that holds both.
const besideButton = (page, words, ranked) => {
  const some = new Set();
  for (const button of page.buttons.filter((b) => !b.gone && buttonNames(b.el).some((name) => likeness(words, name) >= 0.9))) {
    for (let at = parentOf(button.el); at; at = parentOf(at)) {
      const inside = ranked.filter((r) => contains(at, r.control.el));
      const next = inside.filter((r) => r.control === page.tokens[button.at - 1]);
      for (const one of next.length ? next : inside) some.add(one);
      if (inside.length) break;
    }
  }
  return [...some];
};
