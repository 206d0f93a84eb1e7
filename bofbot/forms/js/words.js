// Words: how two pieces of text are compared, as a person compares them.

// The same words are compared many times on one page.
const remembered = (work) => {
  const known = new Map();
  return (text) => {
    let answer = known.get(text);
    if (answer === undefined) {
      if (known.size > 4000) known.clear();
      answer = work(text);
      known.set(text, answer);
    }
    return answer;
  };
};

const nfkc = (text) => (text || '').normalize('NFKC');
const squeeze = remembered((text) => nfkc(text).replace(/[\s\u00a0\u200b\u3000\ufeff]+/g, ' ').trim());
// As it stands on the page, for showing.
const tidy = (text) => (text || '').replace(/\s+/g, ' ').trim().slice(0, 60);
const compact = remembered((text) => nfkc(text).toLowerCase().replace(/[\s\u00a0\u200b\u3000\ufeff]+/g, '').replace(/[‐‑‒–—―−]/g, '-'));

// What a form writes beside a label that is no part of it.
const MARKS = '(?:必須項目|入力必須|必須|任意|省略可|required|optional|mandatory|req\\.|\\*|※|[•●■◆▼▲▽△□○◎★☆◇▶►➤]|\\?|？)';
const NOISE = new RegExp(`^(?:[([【\\[「《<]?${MARKS}[)\\]】」》>]?[:,、]?)+`);
const NOISE_END = new RegExp(`(?:[([【「《<]?${MARKS}[)\\]】」》>]?)+$`);
const ENDS = /^[:、,.・|>＞\-]+|^[([](?=[^)\]]*$)|[:、,.・|([$¥€£]+$/g;

// 1. お名前, (2) 住所, ③ 電話: the number of a question is no part of its words; 1.5倍 and 2026年 are.
const NUMBERED = /^(?:(?:設問|質問|問)\d{1,2}[.):、]?|q\d{1,2}[.):、]|\(?\d{1,2}[.)、])(?=[^\d])/;
const CIRCLED = /^\s*[\u2460-\u2473\u2776-\u277f\u3251-\u325f]\s*/u;
// ※1 税区分, 税区分※1
const FOOTNOTE = /^\s*[※＊*注]\s*[\d０-９]{1,2}(?=[\s　)）:：])|[※＊*][\d０-９]{1,2}\s*$/g;
const WRAPPED = /^(?:【([^【】]*)】|〔([^〔〕]*)〕|\[([^[\]]*)\]|《([^《》]*)》|<([^<>]*)>|「([^「」]*)」|\(([^()]*)\))$/;

const core = remembered((text) => {
  let rest = compact((text || '').replace(CIRCLED, '').replace(FOOTNOTE, ''));
  for (let before = null; before !== rest; ) {
    before = rest;
    const bare = rest.replace(ENDS, '').replace(NOISE, '').replace(NOISE_END, '').replace(NUMBERED, '').replace(WRAPPED, (_, ...inner) => inner.slice(0, 7).find(Boolean) || '').replace(ENDS, '');
    if (bare) rest = bare;
  }
  return rest;
});

const isWordy = (bare) => /[a-z0-9]/.test(bare) || HAN.test(bare) || /[\p{L}\p{N}]/u.test(bare);
const isNoise = (text) => {
  const bare = compact(text);
  return !isWordy(bare) || !bare.replace(NOISE, '').replace(/[:\-~/|()・,.、。→>*+¥$€£%@_&]/g, '');
};

// Remarks in brackets that qualify how to write, not what is meant: 金額（円） is 金額, 氏名（カナ） is not 氏名.
const REMARK = /(円|千円|万円|税込み?|税抜き?|税別|半角.*|全角.*|例.*|e\.?g\.?.*|yyyy.*|mm\/.*|dd\/.*|ハイフン.*|[-ー]なし|数字.*|英数.*|最大\d.*|max(?:imum|\.)? ?\d.*|up ?to.*|正式名称?|略さず.*|.*(?:して|せず)?(?:ください|下さい)|\d+文字.*|\d+桁.*|optional|required|jpy|usd|eur|gbp|yen|days?|weeks?|months?|years?|hours?|hrs?|minutes?|pcs|units?|kg|cm|mm|%|個|件|名|人|日|時間|in [a-z]+|西暦.*|和暦.*|複数.*|\d+-\d+.*)/;
const WHOLE_REMARK = new RegExp(`^${REMARK.source}$`);
// 氏名（Name) says it twice; 会社名（English) is another field.
const FOREIGN = /^(?!.*(?:kana|roma|english|japanese|fax|mobile|home|office|pc|old|new|from|start|begin|end|min|max|first|last|confirm|again|code|name.?kana))[a-z][a-z .&'-]{2,}$/;
const HAN = /[\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]/; // written out: the named scripts cost milliseconds on every page
const isSaidTwice = (inner, rest) => (HAN.test(rest) && FOREIGN.test(inner)) || (!HAN.test(rest) && /^[\u3400-\u4dbf\u4e00-\u9fff]{2,}$/.test(inner) && !/確認|自宅|携帯|会社|旧|新|英|開始|終了|上限|下限/.test(inner));
const remarkless = remembered((text) => {
  const bare = core(text);
  let benign = true;
  const rest = bare.replace(/[(\[【](.*?)[)\]】]/g, (_, inner) => {
    if (!WHOLE_REMARK.test(inner) && !isSaidTwice(inner, bare.replace(/[(\[【].*/, ''))) benign = false;
    return '';
  });
  return { rest: core(rest) || bare, benign, had: rest !== bare };
});

// 会社名 / Company: both halves name the field.
const halves = remembered((text) => {
  const parts = squeeze(text).split(/\s*[/|]\s*/);
  return parts.length === 2 && parts.every((part) => compact(part).length > 1) && HAN.test(parts[0]) !== HAN.test(parts[1]) ? parts.map(core) : [];
});

// How well a text on the page is the words looked for: 1 the same, 0 not at all.
const likeness = (wanted, text) => {
  const a = compact(wanted);
  const b = compact(text);
  if (!a || !b) return 0;
  if (squeeze(wanted) === squeeze(text)) return 1;
  if (a === b) return 0.99;
  const ca = core(wanted);
  const cb = core(text);
  if (ca === cb) return 0.97;
  if (halves(text).includes(ca)) return 0.91;
  const ra = remarkless(wanted);
  const rb = remarkless(text);
  if (ra.rest === rb.rest && ra.had !== rb.had) return ra.benign && rb.benign ? 0.93 : 0.45;
  const sa = squeeze(wanted).toLowerCase();
  const sb = squeeze(text).toLowerCase();
  if (sb.startsWith(sa) && /^\s?[:(（/,]/.test(sb.slice(sa.length)) && sa.length >= 0.4 * sb.length) return 0.6;
  return 0;
};

// Letters two texts share in order, as a share of the longer: for "did you mean".
const resemblance = (left, right) => {
  const a = core(left).slice(0, 60);
  const b = core(right).slice(0, 60);
  if (!a || !b) return 0;
  if (a.includes(b) || b.includes(a)) return 0.6 + 0.4 * Math.min(a.length, b.length) / Math.max(a.length, b.length);
  let row = new Array(b.length + 1).fill(0);
  for (const x of a) {
    const next = [0];
    for (let j = 1; j <= b.length; j += 1) next[j] = x === b[j - 1] ? row[j - 1] + 1 : Math.max(row[j], next[j - 1]);
    row = next;
  }
  return row[b.length] / Math.max(a.length, b.length);
};
