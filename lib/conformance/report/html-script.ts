/**
 * The script of the page: the filter, moving about in a matrix by keys, and opening cells.
 *
 * Rule of this file: it copies elements that are there and sets text; it never makes HTML of text. The page
 * lets no other script run: after a change the test says which hash to put below.
 */

/** SHA-256 of the script, as the page's policy names it. */
export const SCRIPT_SHA256 = "pbzFbpkowOl3+3aFbJD58cST+zkLd1s2xTgHs5TdikE=";

/** Classic, without modules, for pages that are opened from a disk. */
export const SCRIPT = `"use strict";
const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
const grids = all("table.matrix");
const filter = document.getElementById("filter");
const detail = document.getElementById("detail");
const peersOf = (grid) => all("thead th[data-p]", grid);
let opened = null;

function shownRows(grid) {
  return all("tbody tr[data-c]", grid).filter((row) => !row.hidden);
}

function moveTo(grid, cell, isFocused) {
  for (const old of all("[tabindex='0']", grid)) old.tabIndex = -1;
  if (!cell) return;
  cell.tabIndex = 0;
  if (isFocused) cell.focus();
}

function step(grid, cell, key, isFar) {
  const rows = shownRows(grid);
  const row = rows.indexOf(cell.parentElement);
  const last = cell.parentElement.cells.length - 1;
  const to = { row: row, column: cell.cellIndex };
  if (key === "ArrowUp") to.row -= 1;
  else if (key === "ArrowDown") to.row += 1;
  else if (key === "PageUp") to.row -= 10;
  else if (key === "PageDown") to.row += 10;
  else if (key === "ArrowLeft") to.column -= 1;
  else if (key === "ArrowRight") to.column += 1;
  else if (key === "Home") Object.assign(to, isFar ? { row: 0, column: 0 } : { column: 0 });
  else if (key === "End") Object.assign(to, isFar ? { row: rows.length, column: last } : { column: last });
  else return null;
  const target = rows[Math.min(Math.max(to.row, 0), rows.length - 1)];
  return target && target.cells[Math.min(Math.max(to.column, 0), last)];
}

function copyOf(id) {
  const template = document.getElementById(id);
  return template ? template.content.cloneNode(true) : document.createDocumentFragment();
}

function show(cell) {
  const row = cell.parentElement;
  const grid = row.closest("table");
  const peer = cell.cellIndex === 0 ? null : peersOf(grid)[cell.cellIndex - 1];
  const about = row.cells[0];
  opened = cell;
  moveTo(grid, cell, false);
  document.getElementById("detail-title").textContent = about.querySelector("span").textContent;
  const verdict = peer ? peer.textContent + ": " + cell.getAttribute("aria-label") : "";
  document.getElementById("detail-verdict").textContent =
    [row.dataset.id, row.dataset.l, verdict].filter(Boolean).join(" — ");
  const body = document.getElementById("detail-body");
  body.replaceChildren(peer ? copyOf("r" + row.dataset.c + "-" + peer.dataset.p) : "", copyOf("c" + row.dataset.c));
  if (!detail.open) detail.showModal();
  detail.scrollTop = 0;
  const place = row.dataset.id + (peer ? "@" + peer.textContent : "");
  history.replaceState(null, "", "#" + encodeURIComponent(place));
}

function openAddress() {
  let place = "";
  try {
    place = decodeURIComponent(location.hash.slice(1));
  } catch {
    return;
  }
  const [id, name] = place.split("@");
  for (const grid of grids) {
    const row = all("tbody tr[data-c]", grid).find((one) => one.dataset.id === id);
    const column = name === undefined ? 0 : peersOf(grid).findIndex((one) => one.textContent === name) + 1;
    if (!row || (name !== undefined && column === 0)) continue;
    row.scrollIntoView({ block: "center" });
    show(row.cells[column]);
    return;
  }
}

for (const grid of grids) {
  for (const cell of all("tbody tr[data-c] > *", grid)) cell.tabIndex = -1;
  const first = shownRows(grid)[0];
  moveTo(grid, first && first.cells[1], false);
  grid.addEventListener("keydown", (event) => {
    const cell = event.target.closest("tr[data-c] > *");
    if (!cell || event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      show(cell);
      return;
    }
    const next = step(grid, cell, event.key, event.ctrlKey);
    if (!next) return;
    event.preventDefault();
    moveTo(grid, next, true);
  });
  grid.addEventListener("click", (event) => {
    const cell = event.target.closest("tr[data-c] > *");
    if (cell) show(cell);
  });
}

detail.addEventListener("close", () => {
  history.replaceState(null, "", location.pathname + location.search);
  if (opened) opened.focus();
});
detail.addEventListener("click", (event) => {
  if (event.target === detail) detail.close();
});
document.getElementById("close").addEventListener("click", () => detail.close());

function fits(row, wanted, column) {
  if (wanted.level && row.dataset.l !== wanted.level) return false;
  if (wanted.section && row.dataset.s !== wanted.section) return false;
  const text = row.cells[0].textContent.toLowerCase();
  if (!wanted.words.every((word) => text.includes(word))) return false;
  const cells = column === 0 ? Array.from(row.cells).slice(1) : [row.cells[column]];
  const verdicts = cells.map((cell) => cell.className);
  if (wanted.verdict === "differ") return new Set(verdicts.filter((v) => v !== "" && v !== "n")).size > 1;
  return !wanted.verdict || verdicts.includes(wanted.verdict);
}

function apply() {
  const { text, verdict, peer, section, level, count } = filter.elements;
  const words = text.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const wanted = { words, verdict: verdict.value, section: section.value, level: level.value };
  let shown = 0;
  let sum = 0;
  for (const grid of grids) {
    const column = peersOf(grid).findIndex((one) => one.dataset.p === peer.value) + 1;
    const isOther = peer.value !== "" && column === 0;
    grid.closest("section").hidden = isOther;
    for (const group of grid.tBodies) {
      let inGroup = 0;
      for (const row of all("tr[data-c]", group)) {
        row.hidden = isOther || !fits(row, wanted, column);
        sum += 1;
        if (!row.hidden) inGroup += 1;
      }
      group.hidden = inGroup === 0;
      shown += inGroup;
    }
    const current = grid.querySelector("[tabindex='0']");
    const first = shownRows(grid)[0];
    if (!current || current.parentElement.hidden) moveTo(grid, first && first.cells[1], false);
  }
  count.value = shown + " of " + sum + " cases";
}

filter.hidden = false;
filter.addEventListener("input", apply);
filter.addEventListener("submit", (event) => event.preventDefault());
filter.addEventListener("reset", () => setTimeout(apply));
apply();
openAddress();
addEventListener("hashchange", openAddress);
`;
