/** The shell: which page is shown, in which light, and where one can go from here. */

import { h, icon, show } from "./dom.js";
import { bones, trouble } from "./parts.js";
import { BASE, followFrame, go, say, tellFrame, to, whenMoved } from "./places.js";

const PAGES = [
  [/^$/, "nights"],
  [/^nights$/, "nights"],
  [/^nights\/(.+)$/, "lessons"],
  [/^lessons$/, "lessons"],
  [/^lessons\/([^/]+)$/, "lesson"],
  [/^studio$/, "studio"],
  [/^sections$/, "sections"],
  [/^sections\/([0-9a-f]{64})$/, "sections"],
];
const PLACES = [["nights", "Nights"], ["lessons", "Lessons"], ["studio", "Studio"], ["sections", "Sections"]];
const LOADED = { nights: () => import("./views/nights.js"), lessons: () => import("./views/lessons.js"), lesson: () => import("./views/lesson.js"), studio: () => import("./views/studio.js"), sections: () => import("./views/sections.js") };

const main = document.querySelector("main");
let leaving = null;

async function open({ focus = false } = {}) {
  leaving?.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const path = decodeURIComponent(location.pathname.slice(BASE.length)).replace(/\/$/, "");
  const [shape, name] = PAGES.find(([each]) => each.test(path)) ?? [/^/, null];
  const here = name === "lesson" ? "lessons" : name;
  document.querySelectorAll(".tabs-main a").forEach((link) => {
    const current = link.dataset.place === here;
    if (current) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  });
  show(main, bones(3, "5rem"));
  tellFrame();
  try {
    if (name === null) throw Object.assign(new Error("There is no page at this address."), { status: 404, remedy: "Choose one above." });
    const view = await LOADED[name]();
    if (signal.aborted) return;
    await view.show({ main, signal, given: path.match(shape)[1] ?? null, query: new URLSearchParams(location.search) });
  } catch (error) {
    if (error.name === "AbortError" || signal.aborted) return;
    if (error.status === undefined) console.error(error);
    show(main, trouble(error, () => open()));
  }
  if (signal.aborted) return;
  const title = main.querySelector("h1, h2")?.textContent ?? "Lessons";
  document.title = `${title} · PresGen`;
  if (focus) { scrollTo(0, 0); main.focus({ preventScroll: true }); say(title); }
}

/** Light and dark: as chosen here; else as Airflow around us; else as the system has it. */
const THEMES = ["auto", "light", "dark"];
const stored = () => { try { return localStorage.getItem("presgen-theme") ?? "auto"; } catch { return "auto"; } };
function around() {
  try {
    const outer = window.parent === window ? null : window.parent.document.documentElement;
    if (outer?.classList.contains("dark")) return "dark";
    if (outer?.classList.contains("light")) return "light";
  } catch { /* not ours to see */ }
  return null;
}
function light() {
  const chosen = stored();
  const used = chosen === "auto" ? around() : chosen;
  if (used) document.documentElement.dataset.theme = used; else delete document.documentElement.dataset.theme;
  const button = document.querySelector("#theme");
  show(button, icon({ auto: "auto", light: "sun", dark: "moon" }[chosen]));
  button.setAttribute("aria-label", `Colours: ${{ auto: "as the system", light: "light", dark: "dark" }[chosen]}. Change`);
  button.title = button.getAttribute("aria-label");
}

function shell() {
  show(document.querySelector(".tabs-main"), PLACES.map(([path, name]) =>
    h("a", { href: to(path), "data-place": path }, icon(path), name)));
  const button = document.querySelector("#theme");
  button.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(stored()) + 1) % THEMES.length];
    try { localStorage.setItem("presgen-theme", next); } catch { document.documentElement.dataset.theme = next; }
    light();
    say(button.getAttribute("aria-label"));
  });
  try {
    if (window.parent !== window) new MutationObserver(light).observe(window.parent.document.documentElement, { attributeFilter: ["class"] });
  } catch { /* not ours to see */ }
  light();
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute("download") || link.origin !== location.origin || !link.pathname.startsWith(BASE)) return;
    const path = decodeURIComponent(link.pathname.slice(BASE.length));
    if (link.getAttribute("href").startsWith("#") || !PAGES.some(([each]) => each.test(path))) return;
    event.preventDefault();
    go(link.href);
  });
  whenMoved(() => open({ focus: true }));
  addEventListener("popstate", () => open({ focus: true }));
  followFrame(() => go(to("nights")));
}

shell();
open();
