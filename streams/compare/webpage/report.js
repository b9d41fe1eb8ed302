"use strict";
document.documentElement.classList.add("js");

// Tables: a click on a heading sorts; again, the other way round.
for (const table of document.querySelectorAll("table.groups")) {
  table.tHead.addEventListener("click", (event) => {
    const heading = event.target.closest("th");
    if (!heading) return;
    const column = heading.cellIndex;
    const down = heading.ariaSort ? heading.ariaSort !== "descending" : column > 0;
    for (const other of table.tHead.querySelectorAll("[aria-sort]")) other.ariaSort = null;
    heading.ariaSort = down ? "descending" : "ascending";
    const value = (row) => {
      const cell = row.cells[column];
      return cell.dataset.n === undefined ? cell.textContent : Number(cell.dataset.n);
    };
    const sign = down ? -1 : 1;
    const rows = [...table.tBodies[0].rows].sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      return sign * (typeof x === "number" ? x - y : x.localeCompare(y));
    });
    rows.forEach((row, number) => row.classList.toggle("extra", number >= 12));
    table.tBodies[0].append(...rows);
  });
}
for (const more of document.querySelectorAll(".more")) {
  more.addEventListener("click", () => {
    more.parentElement.classList.add("all");
    more.remove();
  });
}

// Examples: filters and keys.
const tools = document.querySelector(".tools");
if (tools) {
  const cards = [...document.querySelectorAll(".card")];
  const kinds = [...tools.querySelectorAll("[data-kind]")];
  const { class: chosenClass, field: chosenField, words } = tools.elements;
  const shown = () => cards.filter((card) => !card.hidden);

  const filter = () => {
    const on = new Set(kinds.filter((b) => b.ariaPressed === "true").map((b) => b.dataset.kind));
    const sought = words.value.trim().toLowerCase();
    for (const card of cards) {
      const { kind, class: classes, field } = card.dataset;
      card.hidden = !on.has(kind)
        || (chosenClass.value !== "" && !classes.split(" ").includes(chosenClass.value))
        || (chosenField.value !== "" && !field.split(" ").includes(chosenField.value))
        || (sought !== "" && !card.textContent.toLowerCase().includes(sought));
    }
    const count = shown().length;
    tools.querySelector("output").value = count === cards.length ? `${count}` : `${count} of ${cards.length}`;
  };
  const toggle = (button) => {
    button.ariaPressed = button.ariaPressed === "true" ? "false" : "true";
    filter();
  };
  const reset = () => {
    tools.reset();
    for (const button of kinds) button.ariaPressed = "true";
    filter();
  };
  const step = (by) => {
    const list = shown();
    if (!list.length) return;
    const now = list.indexOf(document.activeElement);
    const next = list[now < 0 ? 0 : Math.min(list.length - 1, Math.max(0, now + by))];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  for (const button of kinds) button.addEventListener("click", () => toggle(button));
  tools.addEventListener("input", filter);
  tools.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      reset();
      words.blur();
      return;
    }
    if (event.target.matches("input, select")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "/") words.focus();
    else if (["1", "2", "3"].includes(event.key)) {
      const button = kinds.find((b) => b.dataset.kind === ["changed", "gone", "added"][event.key - 1]);
      if (button) toggle(button);
    } else return;
    event.preventDefault();
  });
  filter();
}
