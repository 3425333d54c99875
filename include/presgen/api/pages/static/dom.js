/** Elements out of values. Text is always text: nothing here reads markup. */

const SVG = "http://www.w3.org/2000/svg";

/** Return an element. `props`: `on…` listen, `class`, `data-…`, `aria-…` and the rest are attributes; null and false are left out. */
export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for drawings. */
export function s(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, each] of Object.entries(value)) element.style.setProperty(key, each);
    else if (name === "value" || name === "checked" || name === "muted" || name === "indeterminate") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((each) => each !== null && each !== undefined && each !== false && each !== ""));
  return element;
}

/** Put these children, and no others, into an element. */
export function show(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((each) => each !== null && each !== undefined && each !== false));
  return element;
}

/** Drawn for these pages, on a grid of 24. */
const ICONS = {
  nights: ["M20 14.6A8.5 8.5 0 0 1 9.4 4 8.5 8.5 0 1 0 20 14.6Z"],
  lessons: ["M4 5.5h16v11H4z", "M8 20h8", "M10.5 8.6v4.8l4-2.4z"],
  studio: ["M5 20l1-4L16.5 5.5a2.1 2.1 0 0 1 3 3L9 19z", "M14 8l3 3"],
  sections: ["M12 3.5 3.5 8 12 12.5 20.5 8z", "M4 12.3l8 4.2 8-4.2", "M4 16.3l8 4.2 8-4.2"],
  sun: ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z", "M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4"],
  moon: ["M20 14.6A8.5 8.5 0 0 1 9.4 4 8.5 8.5 0 1 0 20 14.6Z"],
  auto: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z", "!M12 5a7 7 0 0 1 0 14z"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  cross: ["M6.5 6.5l11 11M17.5 6.5l-11 11"],
  alert: ["M12 4.2 21 19.5H3z", "M12 10v4.2M12 16.9v.1"],
  info: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z", "M12 11v5M12 7.8v.1"],
  clock: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z", "M12 7.5V12l3 2"],
  spin: ["M12 3.5a8.5 8.5 0 1 1-8.2 6.3"],
  dash: ["M6 12h12"],
  lock: ["M6 11h12v9H6z", "M8.5 11V8a3.5 3.5 0 0 1 7 0v3"],
  search: ["M11 4.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z", "M16 16l4 4"],
  play: ["!M8 5.2v13.6L19 12z"],
  pause: ["!M7 5h3.6v14H7zM13.4 5H17v14h-3.6z"],
  back: ["M5 12a7.5 7.5 0 1 0 2.6-5.7", "M4.5 3.5v4h4"],
  ahead: ["M19 12a7.5 7.5 0 1 1-2.6-5.7", "M19.5 3.5v4h-4"],
  sound: ["M4 9.5v5h3.5L12 18V6L7.5 9.5z", "M15 9a4 4 0 0 1 0 6M17.5 6.5a8 8 0 0 1 0 11"],
  silent: ["M4 9.5v5h3.5L12 18V6L7.5 9.5z", "M15.5 9.7l4.6 4.6M20.1 9.7l-4.6 4.6"],
  captions: ["M3.5 5.5h17v13h-17z", "M10.6 10.2a2.2 2.2 0 1 0 0 3.6M17 10.2a2.2 2.2 0 1 0 0 3.6"],
  wide: ["M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"],
  again: ["M19.5 11A7.6 7.6 0 0 0 5.6 8.2M4.5 4.5v4h4", "M4.5 13a7.6 7.6 0 0 0 13.9 2.8M19.5 19.5v-4h-4"],
  grid: ["M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z"],
  list: ["M8.5 6H20M8.5 12H20M8.5 18H20M4 6h.1M4 12h.1M4 18h.1"],
  file: ["M6 3.5h8l4 4v13H6z", "M14 3.5v4h4"],
  down: ["M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14"],
  link: ["M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.300l-1 1", "M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1"],
  person: ["M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z", "M4.500 20.500a7.500 7.500 0 0 1 15 0"],
  flag: ["M6 21V4M6 5h11l-2 3.500 2 3.500H6"],
  book: ["M12 6.500C10 5 7 4.500 4 5v13.500c3-.5 6 0 8 1.500 2-1.500 5-2 8-1.500V5c-3-.5-6 0-8 1.500Z", "M12 6.500V20"],
  remedy: ["M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17Z", "M8 12.300l2.800 2.800L16 9.500"],
  picture: ["M4 5h16v14H4z", "M4 16l4.500-4.500L13 16l3-3 4 4", "M15.500 9.500h.1"],
  chain: ["M9.500 14.500l5-5", "M8 11.500l-2 2a3.200 3.200 0 0 0 4.500 4.500l2-2", "M16 12.500l2-2A3.200 3.200 0 0 0 13.500 6l-2 2"],
  more: ["M9 5l7 7-7 7"],
  arrow: ["M5 12h14M13 6l6 6-6 6"],
};

/** Return an icon. Decoration: what it means is said in words beside it. */
export function icon(name, extra = "") {
  const shapes = ICONS[name].map((path) => (path[0] === "!" ? s("path", { d: path.slice(1), class: "solid" }) : s("path", { d: path })));
  return s("svg", { viewBox: "0 0 24 24", class: `icon ${extra}`, "aria-hidden": "true", focusable: "false" }, ...shapes);
}
