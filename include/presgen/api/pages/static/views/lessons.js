/** The lessons of a night, or of all of them: posters or rows, filtered, a page at a time as one scrolls. */

import { api } from "../api.js";
import { h, icon, show as put } from "../dom.js";
import { bones, figure, note, nothing, progress, shareBar, shareKey, stateChip, trouble } from "../parts.js";
import { keep, say, to } from "../places.js";
import { STATES, clock, count, day, hour, many, moment, nightName, percent, plain, span } from "../words.js";

const PAGE = 48;
const PAUSE = 5000;
const GROUPS = [
  ["", "All statuses"],
  ["published", "Published"],
  ["queued,pending,script_generated,avatar_rendering,avatar_videos_generated,qa_passed", "On their way"],
  ["quarantined,delivery_blocked", "Held back"],
  ["failed,cancelled", "Failed or cancelled"],
  ["not_needed", "Not needed"],
];

export async function show({ main, signal, given, query }) {
  const top = h("div", {});
  const list = h("div", { class: "lessons" });
  const found = h("p", { class: "quiet small number", role: "status" });
  const wanted = { q: query.get("q") ?? "", status: query.get("status") ?? "", format: query.get("format") ?? "", look: query.get("look") ?? stored() };
  const filters = filterBar(wanted, found, change);
  put(main, top, filters, list);
  put(top, h("h1", {}, given ? "Lessons of a night" : "Lessons"), given && bones(1, "6rem"));
  let night = null;
  let round = 0;
  let shown = new Map();
  await Promise.all([given ? nightHead() : allHead(), load()]);
  const timer = setInterval(() => { if (!document.hidden && (night === null ? [...shown.values()].some(({ video }) => !video.over) : night.ended === null)) refresh(); }, PAUSE);
  signal.addEventListener("abort", () => clearInterval(timer));

  function allHead() { put(top, h("header", { class: "head" }, h("div", {}, h("p", { class: "kicker" }, "Of all nights, the newest first"), h("h1", {}, "Lessons")), h("a", { class: "button first", href: to("studio") }, icon("studio"), "New lesson"))); }
  async function nightHead() {
    try {
      night = await api.night(given, signal);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      put(top, h("h1", {}, "Lessons of a night"), error.status === 404 ? note("", "info", "No task of this run has started yet, or the run is not known.") : trouble(error, nightHead));
      return;
    }
    put(top, headOf(night));
  }
  function change(fields) {
    Object.assign(wanted, fields);
    keep({ q: wanted.q, status: wanted.status, format: wanted.format });
    if ("look" in fields) store(wanted.look);
    load();
  }
  function asked(cursor, limit = PAGE) { return { run_id: given, q: wanted.q, status: wanted.status ? wanted.status.split(",") : null, format: wanted.format, limit, cursor }; }

  async function load() {
    const mine = ++round;
    put(list, bones(8, "12rem", "posters"));
    let page;
    try { page = await api.videos(asked(null), signal); } catch (error) {
      if (error.name !== "AbortError" && mine === round) put(list, trouble(error, load));
      return;
    }
    if (mine !== round) return;
    shown = new Map();
    found.textContent = many(page.total, "lesson");
    if (page.items.length === 0) {
      put(list, wanted.q || wanted.status || wanted.format
        ? nothing("search", "Nothing fits", "No lesson has all of what you chose.", h("button", { class: "button", type: "button", onclick: () => { filters.querySelector("form").reset(); change({ q: "", status: "", format: "" }); } }, "Show all"))
        : nothing("lessons", "No lesson yet", given ? "As soon as the learners are read, their lessons appear here." : "A night makes them by itself; the Studio makes one at a time.", h("a", { class: "button", href: to("studio") }, icon("studio"), "Open the Studio")));
      return;
    }
    const grid = wanted.look === "table" ? table() : h("ul", { class: "posters" });
    const body = grid.querySelector?.("tbody") ?? grid;
    const more = h("div", { class: "more-row" });
    put(list, grid, more);
    let next = page.next;
    add(page.items);
    const button = h("button", { class: "button", type: "button", onclick: another }, "Show more");
    const watcher = new IntersectionObserver((seen) => { if (seen.some((each) => each.isIntersecting)) another(); }, { rootMargin: "800px" });
    let busy = false;
    if (next) { more.append(button); watcher.observe(more); }
    signal.addEventListener("abort", () => watcher.disconnect());

    function add(items) {
      const make = wanted.look === "table" ? rowOf : posterOf;
      for (const video of items) {
        if (shown.has(video.video_id)) continue;
        const element = make(video);
        shown.set(video.video_id, { video, element });
        body.append(element);
      }
    }
    async function another() {
      if (busy || !next || mine !== round) return;
      busy = true;
      try {
        const page = await api.videos(asked(next), signal);
        if (mine !== round) return;
        add(page.items);
        next = page.next;
        if (!next) { more.replaceChildren(); watcher.disconnect(); } else { watcher.unobserve(more); watcher.observe(more); }
      } catch (error) { if (error.name !== "AbortError") put(more, trouble(error, another)); } finally { busy = false; }
    }
  }

  /** Ask again for what is in sight, and change only what has changed. */
  async function refresh() {
    const mine = round;
    try {
      const [page] = await Promise.all([api.videos(asked(null, Math.min(200, Math.max(PAGE, shown.size))), signal), given && nightHead()]);
      if (mine !== round) return;
      if (shown.size === 0 && page.items.length > 0) { load(); return; }
      found.textContent = many(page.total, "lesson");
      const make = wanted.look === "table" ? rowOf : posterOf;
      for (const video of page.items) {
        const old = shown.get(video.video_id);
        if (!old || (old.video.changed === video.changed && old.video.percent === video.percent && old.video.status === video.status)) continue;
        const element = make(video);
        const focused = old.element.contains(document.activeElement);
        old.element.replaceWith(element);
        if (focused) element.querySelector("a")?.focus();
        shown.set(video.video_id, { video, element });
        if (video.over && !old.video.over) say(`${video.title ?? "A lesson"} is ${STATES[video.status].name.toLowerCase()}`);
      }
    } catch { /* the next time */ }
  }
}

function headOf(night) {
  const running = night.ended === null;
  const wrong = night.set_aside.length + night.failed_sections.length + night.rejections.length + night.warnings.length;
  return h("div", { class: "stack", style: { "margin-bottom": "1.5rem" } },
    h("header", { class: "head", style: { "margin-bottom": "0" } },
      h("div", {}, h("p", { class: "kicker" }, h("a", { href: to("nights") }, "Nights"), running ? ` · running since ${hour(night.started)}` : ` · ended ${day(night.ended)}, ${hour(night.ended)}`), h("h1", {}, nightName(night))),
      night.documents && h("a", { class: "button", href: night.documents }, icon("file"), "What Great Expectations found")),
    h("div", { class: "card stack tight" }, running ? progress(night.total ? (100 * night.over) / night.total : 0, "Lessons finished") : shareBar(night.lessons), shareKey(night.lessons)),
    h("dl", { class: "figures" },
      figure("Succeeded", percent(night.success_ratio), `${count(night.lessons.published ?? 0)} of ${many(night.total, "lesson")}`),
      night.deadline !== null && (running
        ? figure("To the deadline", span(night.seconds_to_deadline), night.seconds_to_deadline < 0 ? "over" : `until ${hour(night.deadline)}`)
        : figure("Deadline", night.in_time ? "in time" : "late", `${span((new Date(night.deadline) - new Date(night.ended)) / 1000)} ${night.in_time ? "to spare" : "over"}`)),
      figure("From the store", percent(night.reuse_ratio), `${count(night.sections_rendered)} made, ${count(night.sections_reused)} re-used`),
      figure("Film", span(night.cost.film_seconds), "published"),
      figure("Processor", span(night.cost.cpu_seconds), night.cost.film_seconds ? `${(night.cost.cpu_seconds / night.cost.film_seconds).toFixed(2)} s for a second of film` : "")),
    wrong > 0 && h("details", { class: "card flush trouble" },
      h("summary", {}, icon("alert"), "What went wrong", h("span", { class: "badge" }, count(wrong)), icon("more")),
      h("div", { class: "stack", style: { padding: "0 1.25rem 1.25rem" } },
        [...night.rejections, ...night.warnings].map((each) => note("warn", "alert", each)),
        night.failed_sections.length > 0 && listed("Sections that could not be made", ["Section", "Outcome", "Why"], night.failed_sections.map((each) => [h("code", {}, each.slug), plain(each.outcome), each.reason])),
        night.set_aside.length > 0 && listed("Records set aside", ["Learner", "Field", "Why"], night.set_aside.map((each) => [h("code", {}, each.learner ?? "unknown"), h("code", {}, each.field), each.reason])))),
    night.audit_head && h("p", { class: "quiet" }, "The audit trail ended with ", h("code", { style: { "overflow-wrap": "anywhere" } }, night.audit_head), "."));
}

const listed = (title, names, rows) => h("div", {}, h("h3", {}, title), h("div", { class: "table-wrap" }, h("table", { class: "table" },
  h("thead", {}, h("tr", {}, names.map((each) => h("th", { scope: "col" }, each)))), h("tbody", {}, rows.map((row) => h("tr", {}, row.map((each) => h("td", {}, each))))))));

function filterBar(wanted, found, change) {
  let waiting = null;
  const looks = [["grid", "Posters", "grid"], ["table", "Table", "list"]].map(([look, name, drawn]) =>
    h("button", { type: "button", "aria-pressed": String(wanted.look === look), onclick: (event) => {
      looks.forEach((each) => each.setAttribute("aria-pressed", String(each === event.currentTarget)));
      change({ look });
    } }, icon(drawn), name));
  const format = h("select", { "aria-label": "Format", onchange: (event) => change({ format: event.target.value }) }, h("option", { value: "" }, "All formats"));
  api.catalogue().then(({ formats }) => { format.append(...formats.map((each) => h("option", { value: each.name }, plain(each.name)))); format.value = wanted.format; }).catch(() => {});
  return h("search", {}, h("form", { class: "filters", onsubmit: (event) => event.preventDefault() },
    h("div", { class: "search" }, icon("search"), h("input", { type: "search", placeholder: "Title, course or learner", "aria-label": "Find lessons", value: wanted.q, oninput: (event) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => change({ q: event.target.value.trim() }), 250);
    } })),
    h("select", { "aria-label": "Status", value: wanted.status, onchange: (event) => change({ status: event.target.value }) }, GROUPS.map(([value, name]) => h("option", { value, selected: value === wanted.status }, name))),
    format,
    h("div", { class: "end" }, found, h("div", { class: "segmented", role: "group", "aria-label": "Look" }, looks))));
}

function posterOf(video) {
  return h("li", {}, h("a", { class: "poster", href: to("lessons", video.video_id) },
    h("span", { class: "shot" }, icon(video.over ? "lessons" : "clock"), video.poster && h("img", { src: video.poster, alt: "", loading: "lazy", decoding: "async", width: "320", height: "180" }),
      video.duration && h("span", { class: "length number" }, clock(video.duration)), !video.over && progress(video.percent, "Made so far")),
    h("span", { class: "poster-words" }, h("b", {}, video.title ?? "On its way"),
      h("span", { class: "quiet small clip-text" }, [video.learner, plain(video.persona)].filter(Boolean).join(" · ")),
      h("span", { class: "row tight" }, stateChip(video.status), video.warnings > 0 && h("span", { class: "warned small" }, icon("alert"), many(video.warnings, "warning")), !video.over && h("span", { class: "quiet small number" }, `${Math.round(video.percent)} %`)))));
}

const table = () => h("div", { class: "card flush table-wrap" }, h("table", { class: "table" }, h("thead", {}, h("tr", {},
  [["Lesson"], ["Status"], ["Learner", "wide-only"], ["With", "wide-only"], ["Length", "end"], ["Changed", "wide-only"]].map(([name, cls]) => h("th", { scope: "col", class: cls }, name)))), h("tbody", {})));

function rowOf(video) {
  return h("tr", {},
    h("td", {}, h("a", { class: "whole", href: to("lessons", video.video_id) }, video.title ?? "On its way"), video.cause && h("span", { class: "quiet small" }, ` ${video.cause}`)),
    h("td", {}, h("span", { class: "row tight" }, stateChip(video.status), !video.over && h("span", { class: "quiet small number" }, `${Math.round(video.percent)} %`), video.warnings > 0 && h("span", { class: "warned small" }, icon("alert"), count(video.warnings), h("span", { class: "hush" }, "warnings")))),
    h("td", { class: "wide-only" }, h("code", {}, video.learner ?? "")), h("td", { class: "wide-only" }, plain(video.persona)), h("td", { class: "end number" }, video.duration ? clock(video.duration) : "–"), h("td", { class: "wide-only quiet nowrap" }, moment(video.changed)));
}

function stored() { try { return localStorage.getItem("presgen-look") ?? "grid"; } catch { return "grid"; } }
function store(look) { try { localStorage.setItem("presgen-look", look); } catch { /* then not */ } }
