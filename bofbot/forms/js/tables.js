// Tables: what rows, columns and headings say about the fields in them.

const CELL = 'td,th,[role=cell],[role=gridcell],[role=columnheader],[role=rowheader]';
const cellOf = (el) => {
  if (!shadowed) return el.closest(CELL);
  for (let at = el; at; at = parentOf(at)) if (at.matches(CELL)) return at;
  return null;
};

const columnOf = (cell) => {
  const table = cell.closest('table');
  if (table && table.rows && table.querySelector('[rowspan]')) return spannedColumn(table, cell);
  let column = 0;
  for (let at = cell.previousElementSibling; at; at = at.previousElementSibling) column += at.colSpan || 1;
  return column;
};

// The column of a cell where cells above reach down into its row.
const spannedColumn = (table, cell) => {
  const reach = []; // how many rows more each column is taken from above
  for (const row of table.rows) {
    let column = 0;
    const next = reach.map((rows) => Math.max(0, rows - 1));
    for (const at of row.cells) {
      while (reach[column] > 0) column += 1;
      if (at === cell) return column;
      for (let i = 0; i < at.colSpan; i += 1) next[column + i] = at.rowSpan - 1;
      column += at.colSpan;
    }
    for (let i = 0; i < next.length; i += 1) reach[i] = next[i] || 0;
  }
  return -1;
};

// A heading over several columns names none of their fields.
const overSeveral = (page, head, row) => {
  const from = columnOf(head);
  const cells = head.colSpan > 1 ? [...row.children].filter((c) => between(from - 1, columnOf(c), from + head.colSpan)) : [];
  return cells.filter((c) => unitsInside(page, c).size).length > 1;
};

// What a table says: a label in the cell before, or at the head of the column.
const tableTie = (page, el, control) => {
  const a = cellOf(el);
  const b = cellOf(control.el);
  if (!a || !b || a === b) return null;
  const rowA = a.parentElement;
  const rowB = b.parentElement;
  const table = rowA.closest('table,[role=table],[role=grid]');
  if (!table || table !== rowB.closest('table,[role=table],[role=grid]')) return null;
  if (rowA === rowB) return sameRow(page, a, b, control);
  const before = rowA.compareDocumentPosition(rowB) & Node.DOCUMENT_POSITION_FOLLOWING;
  const oneCell = rowA.children.length === 1 && rowB.children.length === 1;
  if (!before || oneCell) return null;
  if (columnOf(a) !== columnOf(b)) return 0.15;
  if (unitsInside(page, rowA).size) return 0.2;
  if (overSeveral(page, a, rowB)) return 0.3;
  return headsOver(page, table, rowB).includes(rowA) ? COLUMN : 0.2;
};

const COLUMN = 0.86;
const isHeadCell = (cell) => cell.tagName === 'TH' || cell.getAttribute('role') === 'columnheader' || Boolean(cell.closest('thead'));
const wordyCells = (row) => [...row.children].filter((cell) => compact(plainText(cell)));

// The rows of headings that stand over a row: the nearest ones that are marked as such, else those that look like it.
const headsOver = (page, table, row) => {
  page.heads = page.heads || new Map();
  if (!page.heads.has(row)) page.heads.set(row, findHeads(page, table, row));
  return page.heads.get(row);
};

const findHeads = (page, table, row) => {
  const rows = [...table.querySelectorAll('tr,[role=row]')].filter((one) => one.closest('table,[role=table],[role=grid]') === table);
  const bare = (one) => !unitsInside(page, one).size;
  const above = rows.slice(0, rows.indexOf(row)).filter((one) => bare(one) && wordyCells(one).length > 1).reverse();
  const together = (some) => some.filter((one, i) => rows.indexOf(some[0]) - rows.indexOf(one) === i);
  const marked = above.filter((one) => wordyCells(one).every(isHeadCell));
  if (marked.length) return together(marked);
  const filled = rows.filter((one) => !bare(one));
  const alternating = filled.length > 1 && filled.every((one) => above.includes(rows[rows.indexOf(one) - 1]) || rows.indexOf(one) > rows.indexOf(row));
  if (alternating) return [rows[rows.indexOf(row) - 1]];
  const like = lookOfRow(row);
  const first = rows.find((one) => compact(plainText(one)));
  return together(above.filter((one) => one === first || (lookOfRow(one) !== like && !/\d/.test(plainText(one)))));
};

const lookOfRow = (row) => {
  const look = (el) => `${el.tagName}|${el.className}|${el.getAttribute('bgcolor')}|${el.getAttribute('style')}|${Boolean(el.querySelector('b,strong'))}`;
  return look(row) + (row.firstElementChild ? look(row.firstElementChild) : '');
};

// The same without a table: a line of words, and lines of boxes below that are set under them. Answers a word's column.
const columnBelow = (page, text) => {
  page.grids = page.grids || gridsOf(page);
  for (const { heads, lines } of page.grids) {
    const at = heads.findIndex((head) => head.at === text.first);
    if (at >= 0) return lines.map((line) => line[at]);
  }
  return [];
};

const LIST_BOX = new Set(['textbox', 'select', 'date', 'combobox', 'checkbox', 'month', 'time']);
const gridsOf = (page) => {
  const lines = [];
  for (const control of page.controls) {
    if (!control.shown || !LIST_BOX.has(control.role) || cellOf(control.el)) continue;
    const line = lines.find((one) => Math.abs(one[0].rect.top - control.rect.top) < 6);
    if (line) line.push(control);
    else lines.push([control]);
  }
  const grids = [];
  for (let i = 0; i < lines.length; i += 1) {
    const same = lines.slice(i).filter((line, k) => line.length > 1 && line.length === lines[i].length && line.every((c, j) => Math.abs(c.rect.left - lines[i][j].rect.left) < 6) && lines[i + k] === line);
    const heads = same.length > 1 ? headsAbove(page, lines[i], same) : [];
    if (heads.length) {
      grids.push({ heads, lines: same });
      i += same.length - 1;
    }
  }
  return grids;
};

const headsAbove = (page, line, lines) => {
  const top = line[0].rect.top;
  const bottom = lines[lines.length - 1][0].rect.bottom;
  const texts = page.tokens.filter((t) => t.kind === 'text' && !isFiller(t.text));
  const among = texts.some((t) => between(top, page.rectOf(t).top, bottom) && between(line[0].rect.left, page.rectOf(t).left, line[line.length - 1].rect.right));
  const above = texts.filter((t) => between(0, top - page.rectOf(t).top, 60)).sort((a, b) => page.rectOf(b).top - page.rectOf(a).top);
  const heads = line.map((c) => above.find((t) => Math.abs(page.rectOf(t).left - c.rect.left) < 24));
  return !among && heads.every(Boolean) ? heads : [];
};

// Do the several fields of a cell have their own words before them (発 [ ] 着 [ ])?
const namedInside = (page, cell, control) => {
  const units = unitsInside(page, cell);
  if (units.size < 2) return false;
  if (TICKED.has(control.role)) return [...units][0] !== control.unit; // a tick behind a field: 運賃 [ ]円 □往復
  for (let k = control.unit.members[0].at - 1; k >= 0 && contains(cell, page.tokens[k].el); k -= 1) {
    const token = page.tokens[k];
    if (token.kind === 'control') return false;
    if (token.kind === 'text' && !isFiller(token.text)) return true;
  }
  return false;
};

// 売上高 [4月] [5月] [6月]: the row's words alone name none of its fields.
const isOneOfMany = (page, table, b) => {
  const row = b.parentElement;
  if (unitsInside(page, row).size < 2) return false;
  const headed = (cell) => headsOver(page, table, row).some((head) => [...head.children].some((one) => columnOf(one) === columnOf(cell) && compact(plainText(one))));
  return [...row.children].filter((cell) => unitsInside(page, cell).size && headed(cell)).length > 1;
};

// [code] [name, read-only]: what the page shows beside what is entered.
const isShownOnly = (control) => control.el.readOnly === true || control.el.disabled === true;

// 1 | Gross receipts | 1 | [box]: forms of the authorities count their lines.
const isLineNumber = (text) => /^\d{1,3}[a-z]?$/.test(compact(text));

const sameRow = (page, a, b, control) => {
  const table = a.closest('table,[role=table],[role=grid]');
  const listed = a.tagName !== 'TH' && table.querySelector('thead,tr > th + th') && unitsInside(page, a.parentElement).size > 1;
  if (listed || isOneOfMany(page, table, b)) return 0.45;
  if (unitsInside(page, a).size) return 0.15;
  if (!(a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING)) return null;
  for (let at = a.nextElementSibling; at && at !== b; at = at.nextElementSibling) {
    if (unitsInside(page, at).size) return 0.2;
    if (!isFiller(plainText(at)) && !isLineNumber(plainText(at))) return 0.45;
  }
  if (isShownOnly(control) && [...unitsInside(page, b)].some((unit) => unit.members[0].at < control.at && !isShownOnly(unit.members[0]))) return 0.4;
  return namedInside(page, b, control) ? 0.6 : 0.92;
};
