/** Where we are, and where one can go: real addresses, to be shared and kept. */

export const BASE = document.querySelector('meta[name="presgen-base"]').content;

let move = () => {};
export const whenMoved = (open) => { move = open; };

/** The address of a page. Colons and plus signs of a run's id stay as they are: Airflow's frame spells them so, too. */
export function to(...steps) {
  return BASE + steps.map((each) => encodeURIComponent(each).replaceAll(/%(3A|2B|40|2C)/g, decodeURIComponent)).join("/");
}

export function go(address) {
  history.pushState({}, "", address);
  move();
}

/** Change what follows the question mark, and stay where we are. */
export function keep(fields) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === undefined || value === "") url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  history.replaceState({}, "", url);
  tellFrame();
}

/** Inside Airflow we are in a frame; its address bar follows ours when the frame says that it has loaded. */
export function tellFrame() {
  try { window.frameElement?.dispatchEvent(new Event("load")); } catch { /* another site's frame: none of our business */ }
}

/** Airflow's entry *Lessons*, clicked while we are open, changes Airflow's address and nothing else: `home` is told. */
export function followFrame(home) {
  try {
    if (window.parent === window) return;
    const outside = window.parent.location;
    const entry = outside.pathname.match(/^.*\/plugin\/[^/]+/)?.[0];
    window.parent.navigation?.addEventListener("currententrychange", () => {
      if (outside.pathname.replace(/\/$/, "") === entry && location.pathname !== to("nights")) home();
    });
  } catch { /* another site's frame: none of our business */ }
}

/** Tell people who listen rather than look. */
export function say(text) {
  const voice = document.querySelector("#said");
  voice.textContent = "";
  requestAnimationFrame(() => { voice.textContent = text; });
}
