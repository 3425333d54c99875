/** The store: what is made once and used often. */

import { api } from "../api.js";
import { h, icon, show as put } from "../dom.js";
import { act, bones, chip, confirm, figure, nothing, toast, trouble } from "../parts.js";
import { keep, to } from "../places.js";
import { KINDS, SECTION_STATES, clock, count, many, moment, plain, size, span } from "../words.js";

const PAGE = 50;

export async function show({ main, signal, given, query }) {
  const wanted = { q: query.get("q") ?? "", kind: query.get("kind") ?? "", sort: query.get("sort") ?? "used" };
  const figures = h("dl", { class: "figures" });
  const rows = h("tbody", {});
  const more = h("div", { class: "more-row" });
  const empty = h("div", {});
  const table = h("section", { class: "card flush", "aria-label": "Sections" }, h("div", { class: "table-wrap" }, h("table", { class: "table" }, h("thead", {}, h("tr", {},
    [["Section"], ["In lessons", "end"], ["Saved", ""], ["Length", "end wide-only"], ["Format", "wide-only"], ["", ""]].map(([name, cls]) => h("th", { scope: "col", class: cls }, name || h("span", { class: "hush" }, "Decision"))))), rows)), empty, more);
  const drawer = h("aside", { class: "card drawer stack", "aria-label": "The chosen section", hidden: true });
  const store = h("div", { class: "store" }, table, drawer);
  put(main, h("header", { class: "head" }, h("div", {}, h("p", { class: "kicker" }, "Made once, used by everybody who needs it"), h("h1", {}, "Sections"))), h("div", { class: "stack" }, figures, bar(), store));
  put(figures, bones(1, "4rem"));
  let round = 0;
  let most = 1;
  await load();
  if (given) await openDrawer(given);

  function bar() {
    let waiting = null;
    return h("search", {}, h("form", { class: "filters", style: { "margin-bottom": "0" }, onsubmit: (event) => event.preventDefault() },
      h("div", { class: "search" }, icon("search"), h("input", { type: "search", placeholder: "Title", "aria-label": "Find sections", value: wanted.q, oninput: (event) => { clearTimeout(waiting); waiting = setTimeout(() => change({ q: event.target.value.trim() }), 250); } })),
      h("select", { "aria-label": "Kind", onchange: (event) => change({ kind: event.target.value }) }, h("option", { value: "" }, "All kinds"), ["deep_dive", "exhibit", "remedy"].map((kind) => [kind, KINDS[kind]]).map(([kind, { name }]) => h("option", { value: kind, selected: kind === wanted.kind }, name))),
      h("select", { "aria-label": "Order", onchange: (event) => change({ sort: event.target.value }) }, [["used", "Most used first"], ["saved", "Most saved first"], ["newest", "Newest first"]].map(([sort, name]) => h("option", { value: sort, selected: sort === wanted.sort }, name)))));
  }
  function change(fields) { Object.assign(wanted, fields); keep(wanted); load(); }

  async function load() {
    const mine = ++round;
    put(empty, bones(6, "3.5rem"));
    rows.replaceChildren();
    let page;
    try { page = await api.sections({ ...wanted, limit: PAGE }, signal); } catch (error) { if (error.name !== "AbortError") put(empty, trouble(error, load)); return; }
    if (mine !== round) return;
    put(empty, page.items.length === 0 && (wanted.q || wanted.kind ? nothing("search", "Nothing fits", "No section has all of what you chose.") : nothing("sections", "The store is empty", "The first night fills it: every part that is made is kept, and used again wherever it fits.")));
    put(figures, figure("Sections", count(page.total)), figure("Saved by re-use", span(page.saved), "of processor time"),
      page.items.length > 0 && figure("Most used", many(Math.max(...page.items.map((each) => each.lessons)), "lesson"), page.items.reduce((best, each) => (each.lessons > best.lessons ? each : best)).title));
    most = Math.max(1, ...page.items.map((each) => each.saved));
    rows.append(...page.items.map(row));
    let next = page.next;
    put(more, next && h("button", { class: "button", type: "button", onclick: async (event) => {
      event.target.disabled = true;
      try {
        const page = await api.sections({ ...wanted, limit: PAGE, cursor: next }, signal);
        rows.append(...page.items.map(row));
        next = page.next;
        if (!next) more.replaceChildren();
      } finally { event.target.disabled = false; }
    } }, "Show more"));
  }

  function row(section) {
    return h("tr", { "data-key": section.key },
      h("td", {}, h("div", { class: "section-name" }, picture(section), h("div", {}, h("a", { class: "whole", href: to("sections", section.key), onclick: (event) => { event.preventDefault(); openDrawer(section.key); } }, section.title || section.slug), h("span", { class: "quiet small" }, KINDS[section.kind].name)))),
      h("td", { class: "end number" }, count(section.lessons)),
      h("td", {}, h("div", { class: "saving" }, h("span", { class: "number small" }, span(section.saved)), h("div", { class: "progress", "aria-hidden": "true", style: { "--done": String(section.saved / most) } }, h("i", {})))),
      h("td", { class: "end number wide-only" }, section.seconds ? clock(section.seconds) : "–"), h("td", { class: "wide-only quiet" }, plain(section.format)), h("td", {}, decision(section)));
  }

  async function openDrawer(key) {
    drawer.hidden = false;
    store.classList.add("open");
    put(drawer, bones(3, "5rem"));
    history.replaceState({}, "", to("sections", key) + location.search);
    rows.querySelectorAll("tr").forEach((each) => each.toggleAttribute("aria-selected", each.dataset.key === key));
    try { fillDrawer(await api.section(key, signal)); } catch (error) { if (error.name !== "AbortError") put(drawer, trouble(error, () => openDrawer(key))); }
  }
  function close() {
    drawer.hidden = true;
    drawer.querySelector("video")?.pause();
    store.classList.remove("open");
    history.replaceState({}, "", to("sections") + location.search);
  }
  function fillDrawer(section) {
    const change = async (approved) => {
      if (!approved && !(await confirm("Retire this section?", "It is used in no lesson from now on, until its content changes or it is made again. Lessons that are out stay as they are.", "Retire", "bad"))) return;
      await api.decide(section.key, approved);
      toast(approved ? "Approved, for everybody." : "Retired.");
      await openDrawer(section.key);
      rows.querySelector(`[data-key="${section.key}"]`)?.lastChild.replaceChildren(decision({ ...section, approved }));
    };
    put(drawer,
      h("div", { class: "row", style: { "flex-wrap": "nowrap", "align-items": "start" } }, h("h2", { tabindex: "-1", style: { flex: "1" } }, section.title || section.slug), h("button", { class: "button bare round little", type: "button", "aria-label": "Close", onclick: close }, icon("cross"))),
      section.clip && h("video", { src: section.clip, poster: section.poster, controls: true, preload: "none", "aria-label": "The section's film" }),
      h("p", { class: "row tight" }, chip({ name: KINDS[section.kind].name, tone: "busy", icon: KINDS[section.kind].icon }), decision(section), h("span", { class: "quiet small number" }, `${clock(section.seconds)} · ${size(section.bytes)} · ${plain(section.format)}`)),
      section.text && h("p", {}, section.text),
      h("dl", { class: "figures" }, figure("In lessons", count(section.lessons)), figure("Cost", span(section.cost)), figure("Saved", span(section.saved))),
      h("div", { class: "row" }, section.approved !== true && act("Approve", "check", "", () => change(true)), section.approved !== false && act("Retire", "lock", "bad", () => change(false))),
      section.uses.length > 0 && h("div", { class: "stack tight" }, h("h3", {}, "Where it is used"), h("ul", { class: "stack tight small" }, section.uses.slice(0, 12).map((use) => h("li", {}, h("a", { href: to("lessons", use.video_id) }, use.title ?? use.video_id), h("span", { class: "quiet" }, `, part ${use.number + 1}`))),
        section.uses.length > 12 && h("li", { class: "quiet" }, `and ${count(section.lessons - 12)} more`))),
      section.history.length > 0 && h("div", { class: "stack tight" }, h("h3", {}, "What became of it"), h("ul", { class: "stack tight small" }, section.history.map((each) => h("li", { class: "row tight" }, chip(SECTION_STATES[each.outcome] ?? { name: each.outcome, tone: "none", icon: "dash" }), h("span", { class: "quiet" }, moment(each.at)), each.reason)))));
    drawer.querySelector("h2").focus({ preventScroll: true });
  }
}

const decision = (section) => section.approved === true ? chip({ name: "Approved", tone: "good", icon: "check" }) : section.approved === false ? chip({ name: "Retired", tone: "bad", icon: "lock" }) : !section.there ? chip({ name: "Not in store", tone: "none", icon: "dash" }) : "";
const picture = (section) => section.poster ? h("img", { class: "thumb", src: section.poster, alt: "", loading: "lazy", decoding: "async" }) : h("span", { class: "thumb" });
