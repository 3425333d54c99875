/** How things are said: durations, shares, moments, statuses. */

const LANG = document.documentElement.lang || "en";
const COUNT = new Intl.NumberFormat(LANG);
const DAY = new Intl.DateTimeFormat(LANG, { weekday: "short", day: "numeric", month: "short" });
const MOMENT = new Intl.DateTimeFormat(LANG, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const HOUR = new Intl.DateTimeFormat(LANG, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export const count = (value) => COUNT.format(value);
export const many = (value, one, more = `${one}s`) => `${count(value)} ${value === 1 ? one : more}`;
/** Never 100 % while something is missing. */
export const percent = (share) => {
  if (share === null || share === undefined) return "–";
  const shown = share * 100;
  return `${shown > 99 && shown < 100 ? (Math.floor(shown * 10) / 10).toFixed(1) : Math.round(shown)} %`;
};
export const day = (text) => DAY.format(new Date(text));
export const moment = (text) => (text ? MOMENT.format(new Date(text)) : "");
export const hour = (text) => HOUR.format(new Date(text));

/** `1:05`, `1:02:09`: a place in a film. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 0.001));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value) => String(value).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** `48 s`, `12 min`, `5 h 2 min`: how long something takes. */
export function span(seconds) {
  const size = Math.abs(seconds);
  if (size < 90) return `${Math.round(size)} s`;
  const minutes = Math.round(size / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 10 && minutes % 60) return `${hours} h ${minutes % 60} min`;
  return `${count(Math.round(minutes / 60))} h`;
}

/** For screen readers: "2 minutes 5 seconds". */
export function spoken(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  return `${minutes ? `${many(minutes, "minute")} ` : ""}${many(whole % 60, "second")}`;
}

export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** A video's state: what it is called, how it looks, and where in the order of things it stands. */
export const STATES = {
  published: { name: "Published", tone: "good", icon: "check" },
  qa_passed: { name: "Checked", tone: "busy", icon: "spin" },
  avatar_videos_generated: { name: "Filmed", tone: "busy", icon: "spin" },
  avatar_rendering: { name: "Filming", tone: "busy", icon: "spin" },
  script_generated: { name: "Written", tone: "busy", icon: "spin" },
  pending: { name: "Waiting", tone: "busy", icon: "clock" },
  queued: { name: "Ordered", tone: "busy", icon: "clock" },
  quarantined: { name: "Held back", tone: "warn", icon: "lock" },
  delivery_blocked: { name: "Delivery blocked", tone: "warn", icon: "alert" },
  failed: { name: "Failed", tone: "bad", icon: "cross" },
  cancelled: { name: "Cancelled", tone: "none", icon: "dash" },
  not_needed: { name: "Not needed", tone: "none", icon: "dash" },
};
export const TONES = [
  ["good", "published"],
  ["busy", "on their way"],
  ["warn", "held back"],
  ["bad", "failed"],
  ["none", "not needed"],
];
export const STAGES = ["waiting", "writing", "rendering", "inspecting", "publishing", "done"];
export const STAGE_NAMES = { waiting: "Waiting", writing: "Writing", rendering: "Filming", inspecting: "Checking", publishing: "Publishing", done: "Done" };
export const SECTION_STATES = {
  waiting: { name: "Waiting", tone: "none", icon: "clock" },
  rendering: { name: "Filming", tone: "busy", icon: "spin" },
  reused: { name: "From the store", tone: "good", icon: "sections" },
  rendered: { name: "Filmed", tone: "good", icon: "check" },
  rejected: { name: "Rejected", tone: "bad", icon: "cross" },
  failed: { name: "Failed", tone: "bad", icon: "cross" },
};
export const KINDS = {
  opening: { name: "Opening", icon: "person" },
  deep_dive: { name: "Explained", icon: "book" },
  exhibit: { name: "Shown", icon: "picture" },
  remedy: { name: "Put right", icon: "remedy" },
  closing: { name: "What is next", icon: "flag" },
};

/** Counts by status as counts by tone, in the order of TONES. */
export function toned(lessons) {
  const sums = {};
  for (const [status, number] of Object.entries(lessons)) {
    const tone = STATES[status]?.tone ?? "none";
    sums[tone] = (sums[tone] ?? 0) + number;
  }
  return sums;
}

/** A run's id as people say it. */
export function nightName(night) {
  return night.ordered ? `Order of ${moment(night.started)}` : `Night of ${day(night.started)}`;
}

/** `networking-essentials` as `Networking essentials`. */
export const plain = (slug) => {
  const words = String(slug ?? "").replaceAll(/[-_]+/g, " ").trim();
  return words ? words[0].toUpperCase() + words.slice(1) : "";
};
