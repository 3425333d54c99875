/** Small things that several pages are made of. */

import { h, icon, show } from "./dom.js";
import { STATES, TONES, count, toned } from "./words.js";

/** How a state looks: an icon and a word, never colour alone. */
export function chip({ name, tone, icon: drawn }, text = name) {
  return h("span", { class: `chip ${tone}` }, icon(drawn, drawn === "spin" ? "spin" : ""), text);
}

export const stateChip = (status) => chip(STATES[status] ?? { name: status, tone: "none", icon: "dash" });

/** Shares of a whole as one bar; what it shows is in the words beside it. */
export function shareBar(lessons) {
  const sums = toned(lessons);
  return h("div", { class: "share", "aria-hidden": "true" },
    TONES.filter(([tone]) => sums[tone]).map(([tone]) => h("i", { class: `tone-${tone}`, style: { "flex-grow": String(sums[tone]) } })));
}

export function shareKey(lessons) {
  const sums = toned(lessons);
  return h("p", { class: "key" }, TONES.filter(([tone]) => sums[tone]).map(([tone, name]) =>
    h("span", { class: tone }, h("b", {}, count(sums[tone])), ` ${name}`)));
}

export function progress(value, label) {
  return h("div", { class: "progress", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": String(Math.round(value)),
    "aria-label": label, style: { "--done": String(value / 100) } }, h("i", {}));
}

export const figure = (name, value, more = "") =>
  h("div", { class: "figure" }, h("dt", {}, name), h("dd", { class: "value" }, value), more && h("dd", { class: "more" }, more));

export const bones = (number, height, cls = "stack") =>
  h("div", { class: cls, "aria-hidden": "true" }, Array.from({ length: number }, () => h("div", { class: "bone", style: { height } })));

/** Nothing is there: say so, and what to do about it. */
export function nothing(drawn, title, text, ...ways) {
  return h("div", { class: "nothing" }, icon(drawn), h("h2", {}, title), text && h("p", {}, text), ways.length > 0 && h("div", { class: "row" }, ways));
}

/** It went wrong: say what, and what would help. */
export function trouble(error, again) {
  const known = Boolean(error.remedy) || error.status !== undefined;
  return h("div", { class: "nothing bad", role: "alert" }, icon("alert"),
    h("h2", {}, error.status === 404 ? "This is not here" : "This did not work"),
    h("p", {}, known ? error.message : "The page came upon something it does not understand.", " ", error.remedy),
    again && h("button", { class: "button", type: "button", onclick: again }, icon("again"), "Try again"));
}

export function note(tone, drawn, ...content) {
  return h("div", { class: `note ${tone}` }, icon(drawn), h("div", {}, content));
}

const toasts = () => document.querySelector(".toasts");
export function toast(text) {
  const said = h("p", { class: "toast" }, text);
  toasts().append(said);
  setTimeout(() => said.remove(), 5000);
}

/** Ask before something that cannot be taken back; resolves to yes or no. */
export function confirm(title, text, yes, tone = "first") {
  return new Promise((resolve) => {
    const dialog = h("dialog", { "aria-labelledby": "ask-title" },
      h("form", { method: "dialog" },
        h("h2", { id: "ask-title" }, title), h("p", { class: "quiet" }, text),
        h("div", { class: "row" },
          h("button", { class: "button", value: "no" }, "Keep it as it is"),
          h("button", { class: `button ${tone}`, value: "yes" }, yes))));
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "yes"); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** A button that does something on the server: it waits, says how it went, and is ready again. */
export function act(label, drawn, cls, doing) {
  const button = h("button", { class: `button ${cls}`, type: "button" }, icon(drawn), label);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try { await doing(); } catch (error) { toast([error.message, error.remedy].filter(Boolean).join(" ")); } finally { button.disabled = false; }
  });
  return button;
}

/** Tabs as people with a keyboard know them: arrows move, the panel follows. */
export function tabs(label, sheets, chosen, changed) {
  const known = sheets.some(([id]) => id === chosen) ? chosen : sheets[0][0];
  const panel = h("div", { role: "tabpanel", id: "sheet", tabindex: "0", class: "sheet" });
  const buttons = sheets.map(([id, name, , number]) =>
    h("button", { role: "tab", type: "button", id: `tab-${id}`, "aria-controls": "sheet", onclick: () => choose(id, true) },
      name, number ? h("span", { class: "badge" }, count(number)) : ""));
  function choose(id, byHand) {
    sheets.forEach(([each], at) => {
      buttons[at].setAttribute("aria-selected", String(each === id));
      buttons[at].tabIndex = each === id ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", `tab-${id}`);
    show(panel, sheets.find(([each]) => each === id)[2]());
    if (byHand) changed(id);
  }
  const list = h("div", { role: "tablist", class: "tablist", "aria-label": label, onkeydown: (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = buttons[(to + buttons.length) % buttons.length];
    next.focus();
    next.click();
  } }, buttons);
  choose(known, false);
  return [list, panel];
}
