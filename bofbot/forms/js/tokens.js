// Tokens: the page in reading order, as pieces of text and controls; open shadow roots are part of the page.

const textRect = ({ node, from, to, el }) => {
  if (!node) return rectOf(el);
  const range = document.createRange();
  range.setStart(node, from);
  range.setEnd(node, to);
  const r = range.getBoundingClientRect();
  return { left: r.left, top: r.top, right: r.right, bottom: r.bottom, width: r.width, height: r.height };
};

// A list of days, months, years, hours or minutes.
const DATE_PART = /^(\d{1,4}[年月日時分]?(\([日月火水木金土]\))?|[-‐－ー]*[年月日時分]?|年|月|日|時|分|明治|大正|昭和|平成|令和|西暦|和暦|元号|[mtshr]|year|month|day|yyyy|mm|dd|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?)$/;
const isDatePart = (select) => select.options.length > 0 && [...select.options].slice(0, 14).every((o) => DATE_PART.test(compact(o.text)));

// What stands between the boxes of one field: 03 - 1234, 4 月 1 日, 100 円 ～ 200 円.
const JOINT = /^(?:[\s\-‐ー–—~〜→⇒/:@.(),、]|年|月|日|時|分|秒|から|まで|より|以上|以下|内線|ext\.?|to|until|through)*$/i;
const RANGE = /[~〜→⇒]|から|以上|^(?:-|–|—|to|until|through)$/i;
const isJoint = (text) => JOINT.test(text) || (RANGE.test(text) && JOINT.test(text.replace(/円|¥|%|名|人|件|個|歳|才|kg|km|cm/g, '')));

const WIDGET = /(^|\s)(select2|select2-container|chosen-container|selectize-control|ts-wrapper|choices)(\s|$)/;
const standInOf = (list) => {
  const r = list.getBoundingClientRect();
  const seen = isShown(list) && r.width >= 5 && list.getAttribute('aria-hidden') !== 'true' && getComputedStyle(list).opacity !== '0';
  if (seen) return null;
  const beside = [list.nextElementSibling, list.previousElementSibling].filter(Boolean);
  const known = beside.find((el) => WIDGET.test(el.className)) || list.closest('.choices,.selectize-control,.ts-wrapper');
  const widget = known || beside.find((el) => el.matches('[role=combobox]') || el.querySelector('[role=combobox]'));
  return widget && isShown(widget) ? widget : null;
};

class Page {
  constructor(root) {
    this.tokens = [];
    this.controls = [];
    this.buttons = [];
    this.byElement = new Map();
    this.ids = new Map();
    this.labels = new Map();
    this.flow = 0;
    this.standIns(root || document.body || document.documentElement);
    this.walk(root || document.body || document.documentElement);
    this.collectLabels();
    joinUnits(this);
  }

  walk(el, squeezed = false) {
    if (!el || SKIPPED.has(el.tagName)) return;
    const style = getComputedStyle(el);
    const gone = style.display === 'none';
    const block = !/^(inline|contents|inline-block)$/.test(style.display) || el.tagName === 'BR';
    if (block) this.flow += 1;
    if (this.stands.has(el)) this.addControl(this.stands.get(el), false, { stand: el });
    else if (isControl(el)) this.addField(el, gone, squeezed || isForMachines(el, style));
    else if (isButton(el)) this.addButton(el, gone);
    else if (el.tagName === 'IMG') this.addPicture(el, gone);
    else if (!gone) this.walkChildren(el, style, squeezed || isSqueezed(el, style));
    else this.walkHidden(el);
    if (block) this.flow += 1;
  }

  walkHidden(el) {
    for (const inner of el.querySelectorAll('input,select,textarea,[contenteditable],[role],button')) {
      if (isControl(inner)) this.addField(inner, true);
      else if (isButton(inner)) this.addButton(inner, true);
    }
  }

  walkChildren(el, style, squeezed) {
    shadowed = shadowed || Boolean(el.shadowRoot);
    const children = el.shadowRoot ? el.shadowRoot.childNodes : el.tagName === 'SLOT' && el.assignedNodes().length ? el.assignedNodes() : el.childNodes;
    for (const child of children) {
      if (child.nodeType === 3) {
        if (style.visibility === 'visible' && child.data.trim()) {
          this.addText(child, el, /^pre/.test(style.whiteSpace));
        }
      } else if (child.nodeType === 1) this.walk(child, squeezed);
    }
  }

  // Wide gaps part the words of a line: 円　宿泊費 are two pieces, 氏　　名 is one word.
  addText(node, el, byLine) {
    const pieces = [...node.data.matchAll(byLine ? /(?:(?!\u3000|\u00a0{2}).)+/gu : /(?:(?!\u3000|\u00a0{2}).)+/gsu)].filter((piece) => piece[0].trim());
    const spread = pieces.length > 1 && pieces.every((piece) => piece[0].trim().length === 1);
    for (const piece of spread ? [{ 0: node.data.trim(), index: node.data.search(/\S/) }] : pieces.flatMap((one) => this.apart(one, node))) {
      if (byLine && /\n\s*$/.test(node.data.slice(0, piece.index))) this.flow += 1;
      this.tokens.push({ kind: 'text', text: piece[0], node, from: piece.index, to: piece.index + piece[0].length, el, flow: this.flow, at: this.tokens.length });
    }
  }

  // [ ]名 小人 [ ]: the unit of one field and the name of the next; 人数 大人 [ ]名 小人 [ ]: the question, then the field.
  apart(piece, node) {
    const last = this.tokens[this.tokens.length - 1];
    const first = last && last.kind === 'control' && piece.index === 0 && piece[0].match(/^\s*([^\s＋+＝=×÷、,・→]{1,3})(?:\s+|[＋+＝=×÷、,・→]\s*)(?=\S)/);
    const unit = first && UNIT.test(compact(first[1])) ? first : null;
    const cut = unit ? unit[0].length : this.isRowOfFields(node) ? piece[0].search(/\s+\S+\s*$/) : -1;
    const parts = [piece[0].slice(0, cut), piece[0].slice(cut)];
    if (cut < 1 || (!unit && !parts.every((part) => HAN.test(part) && compact(part).length > 1))) return [piece];
    return [{ 0: parts[0], index: piece.index }, { 0: parts[1], index: piece.index + cut }];
  }

  isRowOfFields(node) {
    const next = node.nextSibling;
    return Boolean(next) && next.nodeType === 1 && isControl(next) && [...node.parentElement.children].filter(isControl).length > 1;
  }

  // Words drawn as a picture; an icon is no word.
  addPicture(el, gone) {
    const { width, height } = rectOf(el);
    if (gone || !compact(el.alt) || isNoise(el.alt) || width < 30 || width < 1.4 * height || el.closest('a') || !isShown(el)) return;
    this.tokens.push({ kind: 'text', text: el.alt, node: null, el, flow: this.flow, at: this.tokens.length });
  }

  rectOf(token) {
    token.rect = token.rect || (token.kind === 'text' ? textRect(token) : rectOf(token.el));
    return token.rect;
  }

  // Lists that a widget shows in their place: select2 and its like. The list is the field, the widget is where it stands.
  standIns(root) {
    this.stands = new Map();
    for (const list of root.querySelectorAll('select')) {
      const widget = standInOf(list);
      if (widget) this.stands.set(widget, list);
    }
    this.hiddenLists = new Set(this.stands.values());
  }

  addField(el, gone, unseen = gone) {
    if (this.hiddenLists.has(el) || isOfCalendar(el)) return;
    const drawn = unseen || !isShown(el) ? drawnFor(el) : null;
    const lost = gone || (unseen && !TICKED.has(roleOf(el)) && roleOf(el) !== 'file');
    this.addControl(el, lost && !drawn, { drawn, unseen });
  }

  addControl(el, gone, { stand = null, drawn = null, unseen = false } = {}) {
    const shown = Boolean(drawn) || (!gone && !unseen && isShown(stand || el));
    const control = { kind: 'control', el, stand, drawn, role: roleOf(el), gone, shown, flow: this.flow, at: this.tokens.length, index: this.controls.length };
    this.controls.push(control);
    this.byElement.set(el, control);
    if (!gone) this.tokens.push(control);
  }

  addButton(el, gone) {
    const button = { kind: 'button', el, gone, at: this.tokens.length };
    this.buttons.push(button);
    if (!gone) this.tokens.push(button);
  }

  // Labels by `for` or by wrapping, as the browser itself ties them.
  collectLabels() {
    const copies = copiedFields(this.controls);
    for (const control of this.controls) {
      control.rect = rectOf(control.stand || control.drawn || control.el);
      for (const label of control.el.labels || []) {
        const owner = copies && copies.has(label.htmlFor) ? copyMeant(label, control, copies.get(label.htmlFor)) : control;
        if (!this.labels.has(label)) this.labels.set(label, owner);
        (owner.labels = owner.labels || []).push(label);
      }
    }
  }
}
