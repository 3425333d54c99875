/** The film with its parts, captions and findings on one line of time. */

import { h, icon, show } from "./dom.js";
import { clock, spoken } from "./words.js";

const SPEEDS = [1, 1.25, 1.5, 0.75];

/**
 * Return a player.
 *
 * `film`: {src, poster, captions: {url, language}, burned, audio, width, height}; `parts`: [{number, title, starts, ends, kind}];
 * `findings`: [{at, until, severity, message}]; `moved(seconds, part)` is told as the film goes on; `renew()` gives a new
 * address of the film.
 */
export function player({ film, parts, findings, duration, moved, renew }) {
  const video = h("video", {
    src: film.src, poster: film.poster, preload: "metadata", playsinline: true, crossorigin: "use-credentials",
    "aria-label": "The film", tabindex: "-1",
  }, film.captions && h("track", { kind: "captions", src: film.captions.url, srclang: film.captions.language, label: "Captions" }));
  const stage = h("div", { class: `screen${film.audio ? " heard" : ""}`, style: film.width ? { "aspect-ratio": `${film.width} / ${film.height}` } : {} }, video);
  const big = h("button", { class: "big-play", type: "button", "aria-label": "Play the film", onclick: toggle }, icon("play"));
  stage.append(big);

  const line = h("input", { type: "range", min: "0", max: String(duration), step: "0.1", value: "0", class: "seek", "aria-label": "Place in the film" });
  const bars = parts.map((part) => h("span", { class: `part ${part.kind}`, style: { "flex-grow": String(part.ends - part.starts) } }, h("i", {})));
  const hint = h("output", { class: "seek-hint", "aria-hidden": "true" });
  const marks = findings.filter((each) => each.at !== null).map((each) =>
    h("button", { type: "button", class: `mark-at ${each.severity}`, style: { left: `${(each.at / duration) * 100}%` }, title: `${clock(each.at)} ${each.message}`,
      "aria-label": `Finding at ${spoken(each.at)}: ${each.message}`, onclick: () => jump(each.at) }));
  const track = h("div", { class: "line" }, marks.length > 0 && h("div", { class: "marks" }, marks), h("div", { class: "parts", "aria-hidden": "true" }, bars), line, hint);

  const go = h("button", { class: "round-light", type: "button", "aria-label": "Play", onclick: toggle }, icon("play"));
  const time = h("span", { class: "number time" }, clock(0), h("span", {}, ` / ${clock(duration)}`));
  const chapter = h("span", { class: "chapter clip-text" });
  const captions = h("button", { class: "round-light", type: "button", "aria-pressed": "false", "aria-label": "Captions", title: "Captions (C)", onclick: toggleCaptions }, icon("captions"));
  const sound = h("button", { class: "round-light", type: "button", "aria-pressed": "false", "aria-label": "Mute", title: "Mute (M)", onclick: () => { video.muted = !video.muted; } }, icon("sound"));
  const speed = h("button", { class: "round-light speed", type: "button", "aria-label": "Speed: 1 times", title: "Speed", onclick: nextSpeed }, "1×");
  const wide = h("button", { class: "round-light", type: "button", "aria-label": "Full screen", title: "Full screen (F)", onclick: toggleWide }, icon("wide"));
  const controls = h("div", { class: "controls" },
    go,
    h("button", { class: "round-light", type: "button", "aria-label": "Back 10 seconds", title: "Back 10 s (J)", onclick: () => jump(video.currentTime - 10) }, icon("back")),
    time, chapter, film.captions && captions, speed, sound, !film.audio && document.fullscreenEnabled && wide);
  const root = h("div", { class: "player", onkeydown: keys }, stage, h("div", { class: "desk" }, track, controls));

  if (film.captions) {
    // Where the picture shows captions already, a second line of them would cover the first.
    video.textTracks[0].mode = film.burned ? "hidden" : "showing";
    captions.setAttribute("aria-pressed", String(!film.burned));
  }
  function toggle() { if (video.paused) video.play().catch(() => {}); else video.pause(); }
  function jump(seconds, { play = false } = {}) {
    video.currentTime = Math.min(Math.max(0, seconds), duration);
    draw();
    if (play && video.paused) video.play().catch(() => {});
  }
  function toggleCaptions() {
    const [text] = video.textTracks;
    text.mode = text.mode === "showing" ? "hidden" : "showing";
    captions.setAttribute("aria-pressed", String(text.mode === "showing"));
  }
  function nextSpeed() {
    video.playbackRate = SPEEDS[(SPEEDS.indexOf(video.playbackRate) + 1) % SPEEDS.length];
    show(speed, `${video.playbackRate}×`);
    speed.setAttribute("aria-label", `Speed: ${video.playbackRate} times`);
  }
  function toggleWide() { if (document.fullscreenElement) document.exitFullscreen(); else root.requestFullscreen().catch(() => {}); }
  function keys(event) {
    if (event.target.matches("input:not(.seek), textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const doing = {
      k: toggle, j: () => jump(video.currentTime - 10), l: () => jump(video.currentTime + 10), c: film.captions && toggleCaptions,
      m: () => { video.muted = !video.muted; }, f: toggleWide, n: () => chapterBy(1), p: () => chapterBy(-1),
    }[event.key.toLowerCase()] ?? (event.key === " " && !event.target.closest("button") ? toggle : null);
    if (!doing) return;
    event.preventDefault();
    doing();
  }
  const partAt = (seconds) => parts.findLast((part) => part.starts <= seconds + 0.05) ?? parts[0];
  function chapterBy(step) {
    const at = parts.indexOf(partAt(video.currentTime));
    const next = parts[Math.min(Math.max(0, at + step), parts.length - 1)];
    if (next) jump(next.starts);
  }

  let last = null;
  function draw() {
    const now = video.currentTime;
    const part = partAt(now);
    line.value = now;
    line.setAttribute("aria-valuetext", `${spoken(now)} of ${spoken(duration)}${part ? `, ${part.title}` : ""}`);
    time.firstChild.textContent = clock(now);
    parts.forEach((each, at) => bars[at].style.setProperty("--done", String(Math.min(1, Math.max(0, (now - each.starts) / (each.ends - each.starts))))));
    if (part && part !== last) { last = part; chapter.textContent = part.title; }
    moved(now, part);
  }
  function playing() {
    const runs = !video.paused;
    show(go, icon(runs ? "pause" : "play"));
    go.setAttribute("aria-label", runs ? "Pause" : "Play");
    root.classList.toggle("playing", runs);
    big.hidden = runs || video.currentTime > 0;
    if (runs) requestAnimationFrame(function each() { draw(); if (!video.paused && video.isConnected) requestAnimationFrame(each); });
  }
  stage.addEventListener("click", (event) => { if (event.target === video) toggle(); });
  line.addEventListener("input", () => { video.currentTime = Number(line.value); draw(); });
  line.addEventListener("pointermove", (event) => {
    const box = line.getBoundingClientRect();
    const at = Math.min(Math.max(0, (event.clientX - box.left) / box.width), 1) * duration;
    hint.textContent = `${clock(at)}  ${partAt(at)?.title ?? ""}`;
    hint.style.setProperty("left", `${Math.min(Math.max(8, (at / duration) * 100), 92)}%`);
  });
  for (const name of ["play", "pause", "ended"]) video.addEventListener(name, playing);
  for (const name of ["timeupdate", "seeked", "loadedmetadata"]) video.addEventListener(name, () => { if (name === "seeked") playing(); draw(); });
  video.addEventListener("volumechange", () => {
    show(sound, icon(video.muted ? "silent" : "sound"));
    sound.setAttribute("aria-pressed", String(video.muted));
  });
  // Addresses are good for some minutes only: whoever watches for longer gets a new one, and goes on from there.
  video.addEventListener("error", async () => {
    const [now, runs] = [video.currentTime, !video.paused];
    const src = now > 0 && !video.dataset.renewed && (await renew().catch(() => null));
    if (!src) { stage.append(h("p", { class: "screen-trouble", role: "alert" }, "The film cannot be played. Load the page again, or download the file.")); return; }
    video.dataset.renewed = "once";
    video.src = src;
    video.addEventListener("loadedmetadata", () => { jump(now, { play: runs }); setTimeout(() => { delete video.dataset.renewed; }, 5000); }, { once: true });
  });
  return { root, video, jump };
}
