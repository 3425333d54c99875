/** The last thirty nights: how each went, and what it took. */

import { api } from "../api.js";
import { h, icon, s, show as put } from "../dom.js";
import { chip, figure, nothing, progress, shareBar, shareKey } from "../parts.js";
import { go, to } from "../places.js";
import { TONES, count, day, hour, many, nightName, percent, span, toned } from "../words.js";

const PAUSE = 15000;

export async function show({ main, signal }) {
  const { items } = await api.nights(signal);
  const page = h("div", { class: "nights" });
  put(main, page);
  draw(page, items);
  if (items.some((night) => night.ended === null)) {
    const timer = setInterval(async () => {
      if (document.hidden) return;
      try {
        const next = (await api.nights(signal)).items;
        draw(page, next);
        if (next.every((night) => night.ended !== null)) clearInterval(timer);
      } catch { /* the next time */ }
    }, PAUSE);
    signal.addEventListener("abort", () => clearInterval(timer));
  }
}

function draw(page, items) {
  const nights = items.filter((night) => !night.ordered);
  const shown = nights.length > 0 ? nights : items;
  if (shown.length === 0) {
    put(page, h("h1", {}, "Nights"), nothing("nights", "No night has been yet",
      "Start the DAG produce_lessons, or wait for its hour; or make a single lesson in the Studio.", h("a", { class: "button first", href: to("studio") }, icon("studio"), "Open the Studio")));
    return;
  }
  const [last] = shown;
  const total = (of) => shown.reduce((sum, night) => sum + of(night), 0);
  const made = total((night) => night.sections_rendered);
  const used = total((night) => night.sections_reused);
  put(page,
    h("header", { class: "head" }, h("div", {}, h("p", { class: "kicker" }, last.ended ? `The last one ended ${day(last.ended)}, ${hour(last.ended)}` : "One is running now"), h("h1", {}, "Nights"))),
    h("dl", { class: "figures" },
      figure("Last night", percent(last.success_ratio), `${count(last.lessons.published ?? 0)} of ${many(last.total, "lesson")} published`),
      deadlineFigure(last),
      figure("Taken from the store", percent(made + used ? used / (made + used) : null), `${many(used, "part")} not made again`),
      figure("Film made", span(total((night) => night.cost.film_seconds)), `in ${many(shown.length, "night")}`),
      figure("Work for it", `${span(total((night) => night.cost.cpu_seconds))}`, "of processor time")),
    h("section", { class: "card", "aria-label": "The last nights as a chart" }, h("div", { class: "row", style: { "justify-content": "space-between", "margin-bottom": "1rem" } }, h("h2", {}, "Lessons by night"), key()), chart(shown)),
    h("section", { class: "card flush", "aria-label": "All nights" }, items.map(row)));
}

function deadlineFigure(night) {
  if (night.deadline === null) return figure("Deadline", "none", "is set for this night");
  if (night.ended) return figure("Deadline", night.in_time ? "in time" : "late", `${span((new Date(night.deadline) - new Date(night.ended)) / 1000)} ${night.in_time ? "to spare" : "over"}`);
  return figure("To the deadline", span(night.seconds_to_deadline), night.seconds_to_deadline < 0 ? "over" : `until ${hour(night.deadline)}`);
}

const key = () => h("p", { class: "key", "aria-hidden": "true" }, TONES.slice(0, 4).map(([tone, name]) => h("span", { class: tone }, name)));

/** Stacked columns, oldest first; each is a link, and says its numbers. */
function chart(nights) {
  const shown = [...nights].reverse();
  const [width, height, foot, left] = [1280, 190, 24, 44];
  const most = Math.max(1, ...shown.map((night) => night.total));
  const step = niceStep(most);
  const top = Math.ceil(most / step) * step;
  const slot = (width - left) / Math.max(shown.length, 12);
  const y = (value) => height - (value / top) * (height - 12);
  const lines = Array.from({ length: top / step + 1 }, (_, at) => at * step).map((value) => [
    s("line", { class: "grid-line", x1: left, x2: width, y1: y(value), y2: y(value) }),
    s("text", { x: left - 8, y: y(value) + 4, "text-anchor": "end" }, count(value))]);
  const columns = shown.map((night, at) => {
    const sums = toned(night.lessons);
    let base = 0;
    const x = left + at * slot + slot * 0.18;
    const blocks = TONES.filter(([tone]) => sums[tone]).map(([tone]) => {
      const from = base;
      base += sums[tone];
      return s("rect", { class: tone, x, width: slot * 0.64, y: y(base), height: Math.max(1.5, y(from) - y(base) - (from ? 1 : 0)), rx: Math.min(3, slot * 0.12) });
    });
    const words = `${nightName(night)}: ${TONES.filter(([tone]) => sums[tone]).map(([tone, name]) => `${sums[tone]} ${name}`).join(", ") || "no lessons"}`;
    const labelled = at === shown.length - 1 || (at % Math.ceil(shown.length / 8) === 0 && shown.length - 1 - at > shown.length / 16);
    return s("a", { href: to("nights", night.run_id), "aria-label": words, onclick: (event) => { event.preventDefault(); go(to("nights", night.run_id)); } },
      s("title", {}, words), blocks, s("rect", { class: "hit", x: left + at * slot, y: 0, width: slot, height, rx: 4 }),
      labelled && s("text", { x: left + at * slot + slot / 2, y: height + 17, "text-anchor": "middle", "aria-hidden": "true" }, day(night.started).replace(/^\w+,? /, "")));
  });
  const table = h("table", { class: "hush" }, h("caption", {}, "Lessons by night"),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Night"), TONES.map(([, name]) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, shown.map((night) => { const sums = toned(night.lessons); return h("tr", {}, h("th", { scope: "row" }, nightName(night)), TONES.map(([tone]) => h("td", {}, count(sums[tone] ?? 0)))); })));
  return h("div", { class: "chart-scroll", tabindex: "0", role: "region", "aria-label": "Chart, may be scrolled" }, s("svg", { viewBox: `0 0 ${width} ${height + foot}`, class: "chart", role: "group", "aria-label": "Lessons by night, stacked by what became of them" }, lines, columns), table);
}

function niceStep(most) {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  return Math.max(1, [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough));
}

function row(night) {
  const running = night.ended === null;
  const verdict = running ? { name: "Running", tone: "busy", icon: "spin" } : night.passed ? { name: "Passed", tone: "good", icon: "check" } : { name: "Failed", tone: "bad", icon: "cross" };
  const cell = (name, value, tone = "") => h("span", { class: "cell" }, h("b", { class: tone }, value), h("span", {}, name));
  return h("a", { class: "night", href: to("nights", night.run_id) },
    h("span", { class: "night-name" }, h("b", {}, nightName(night)), chip(verdict)),
    h("span", { class: "share-cell" }, running ? progress(night.total ? (100 * night.over) / night.total : 0, "Lessons finished") : shareBar(night.lessons), shareKey(night.lessons)),
    cell("succeeded", percent(night.success_ratio)),
    night.deadline === null ? cell("deadline", "–") : running
      ? cell("to the deadline", span(night.seconds_to_deadline), night.seconds_to_deadline < 0 ? "late" : night.seconds_to_deadline < 1800 ? "soon" : "")
      : cell(night.in_time ? "to spare" : "too late", span((new Date(night.deadline) - new Date(night.ended)) / 1000), night.in_time ? "" : "late"),
    cell("from the store", percent(night.reuse_ratio)),
    cell("of processor", span(night.cost.cpu_seconds)));
}
