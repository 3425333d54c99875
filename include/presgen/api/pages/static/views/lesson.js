/** One lesson: the film, and beside it what every second of it is there for. */

import { api, follow } from "../api.js";
import { h, icon, show as put } from "../dom.js";
import { act, chip, confirm, note, progress, stateChip, tabs, toast } from "../parts.js";
import { keep, say, to } from "../places.js";
import { player } from "../player.js";
import { KINDS, SECTION_STATES, STAGES, STAGE_NAMES, clock, count, many, moment, percent, plain, size, span } from "../words.js";

export async function show({ main, signal, given, query }) {
  let status = await api.status(given, signal);
  let evidence = status.duration ? await evidenceOf(given, signal) : null;
  const page = h("div", { class: "lesson" });
  put(main, page);
  draw();
  if (!status.over) {
    let told = "";
    follow(given, signal, async (next) => {
      const filmed = next.duration && (!evidence || evidence.film !== next.editions[0]?.sha256);
      if (filmed) evidence = await evidenceOf(given, signal);
      const before = status;
      status = next;
      if (next.over || filmed || before.duration !== next.duration) draw(); else page.querySelector(".making")?.replaceWith(making(status));
      const words = next.over ? `The lesson is ${next.status.replaceAll("_", " ")}.` : `${STAGE_NAMES[next.stage]}, ${Math.round(next.percent)} percent`;
      if (words !== told) say(told = words);
    }, (error) => toast(`${error.message} ${error.remedy}`));
  }

  async function reload() {
    [status, evidence] = [await api.status(given, signal), null];
    if (status.duration) evidence = await evidenceOf(given, signal);
    draw();
    if (!status.over) show({ main, signal, given, query: new URLSearchParams(location.search) });
  }

  function draw() {
    const film = filmOf(status);
    const parts = [
      head(status, reload),
      status.error && note(status.status === "failed" ? "bad" : "warn", "alert", h("h2", { class: "small" }, status.error.title), h("p", {}, status.error.detail), h("p", {}, h("b", {}, "What to do: "), status.error.remedy)),
      film && evidence ? watch({ status, evidence, film, query, reload }) : making(status),
    ];
    put(page, parts);
  }
}

async function evidenceOf(video, signal) {
  try { return await api.evidence(video, signal); } catch (error) { if (error.status === 404) return null; throw error; }
}

/** The main edition and what belongs to it. */
function filmOf(status) {
  const [edition] = status.editions;
  const role = (name) => status.assets.find((each) => each.role === name);
  const file = role("video") ?? status.assets.find((each) => each.role.startsWith("video"));
  if (!edition || !file) return null;
  const captions = status.captions.find((each) => each.media_type.startsWith("text/vtt") && (each.format === edition.format || !each.format));
  return { src: file.url, poster: role("poster")?.url, captions: captions && { url: captions.url, language: captions.language }, audio: !edition.width, burned: edition.burned, width: edition.width, height: edition.height };
}

function head(status, reload) {
  const { may } = status;
  const asked = (title, text, yes, tone, doing) => async () => { if (await confirm(title, text, yes, tone)) { await doing(); toast("Done. The page shows it as soon as it happens."); await reload(); } };
  return h("header", { class: "head" },
    h("div", {},
      h("p", { class: "kicker" },
        status.run_id ? h("a", { href: to("nights", status.run_id) }, status.ordered ? "Ordered" : "Its night") : "Ordered",
        status.course && ` · ${plain(status.course)}`),
      h("h1", {}, status.title ?? "A lesson on its way"),
      h("p", { class: "row tight facts" }, stateChip(status.status),
        status.duration && h("span", { class: "quiet small number" }, clock(status.duration)),
        status.persona && h("span", { class: "quiet small" }, `with ${plain(status.persona)}`),
        status.learner && h("code", { class: "quiet" }, status.learner),
        h("span", { class: "quiet small" }, moment(status.changed)))),
    h("div", { class: "row tight" },
      may.approve && act("Approve", "check", "first", asked("Let this lesson go out?", "It is published as it is, with the warnings that were found.", "Approve", "first", () => api.approve(status.video_id, true))),
      may.approve && act("Refuse", "cross", "bad", asked("Keep this lesson in?", "It is held back and not published.", "Refuse", "bad", () => api.approve(status.video_id, false))),
      may.retry && act("Make again", "again", "", asked("Make this lesson again?", "What is finished and sound is kept; the rest is made anew, checked and published.", "Make again", "first", () => api.retry(status.video_id))),
      may.cancel && act("Cancel", "cross", "bad", asked("Stop making this lesson?", "Sections that are finished stay in the store. The lesson can be made again later.", "Stop it", "bad", () => api.cancel(status.video_id)))));
}

/** While there is no film: how far it is, section by section. */
function making(status) {
  const at = STAGES.indexOf(status.stage);
  const working = !status.over;
  return h("section", { class: "making card", "aria-label": "How far it is" },
    working && h("div", { class: "making-head" },
      h("p", { class: "huge number" }, `${Math.round(status.percent)} %`),
      h("div", { class: "stack tight" },
        progress(status.percent, "Made so far"),
        h("ol", { class: "stages" }, STAGES.slice(1, -1).map((stage) => h("li", { class: STAGES.indexOf(stage) < at ? "past" : stage === status.stage ? "now" : "", "aria-current": stage === status.stage && "step" }, STAGE_NAMES[stage]))))),
    status.sections.length > 0 && h("ol", { class: "making-list" }, status.sections.map((section) =>
      h("li", {}, icon(KINDS[section.kind].icon), h("span", { class: "clip-text" }, section.title),
        section.attempts > 1 && h("span", { class: "quiet small nowrap" }, `${section.attempts} attempts`), chip(SECTION_STATES[section.state]),
        section.problem && h("p", { class: "small problem" }, section.problem)))),
    status.sections.length === 0 && h("p", { class: "quiet" }, working ? "The script comes first; its parts appear here as they are written." : "There is no film of this lesson."));
}

function watch({ status, evidence, film, query, reload }) {
  const panel = why(evidence, jump, status, reload);
  const screen = player({ film, parts: evidence.sections.map(({ number, title, starts, ends, kind }) => ({ number, title, starts, ends, kind })),
    findings: status.findings, duration: status.duration, renew: async () => filmOf(await api.status(status.video_id))?.src, moved: (now, part) => { panel.follow(part); transcriptAt(now); } });
  let cues = [];
  let said = null;
  function transcriptAt(now) {
    const current = cues.findLast(([start]) => start <= now + 0.05);
    if (current?.[1] === said) return;
    said?.removeAttribute("aria-current");
    said = current?.[1] ?? null;
    said?.setAttribute("aria-current", "true");
    if (said && !screen.video.paused) said.scrollIntoView({ block: "nearest" });
  }
  function jump(seconds) {
    screen.jump(seconds);
    if (screen.root.getBoundingClientRect().bottom < 80) screen.root.scrollIntoView({ block: "start", behavior: "smooth" });
  }
  const troubled = [...status.findings].filter((each) => each.severity !== "note");
  const sheets = [
    ["script", "Script", () => script(evidence, jump)],
    ["transcript", "Transcript", () => {
      const [list, lines] = transcript(evidence, jump);
      cues = lines;
      said = null;
      transcriptAt(screen.video.currentTime);
      return list;
    }],
    ["files", "Files", () => files(status)],
    ["checks", "Checks", () => checks(status, evidence, jump), troubled.length + status.fixes.length],
    ["trail", "Trail", () => trail(evidence)],
  ];
  const start = Number(query.get("t"));
  if (start > 0) screen.video.addEventListener("loadedmetadata", () => screen.jump(start), { once: true });
  panel.follow(evidence.sections.findLast((each) => each.starts <= (start || 0) + 0.05));
  return h("div", { class: "watch" },
    h("section", { class: "film", "aria-label": "Film" }, screen.root),
    panel.root,
    h("section", { class: "about", "aria-label": "About the film" }, tabs("About the film", sheets, query.get("tab"), (id) => keep({ tab: id === "script" ? null : id }))));
}

/** Evidence, in both directions: from a part to its answers, from an answer to its seconds. */
function why(evidence, jump, status, reload) {
  const answers = new Map(evidence.answers.map((each) => [each.question_id, each]));
  const list = h("div", { class: "why-list", tabindex: "0", role: "group", "aria-label": "Evidence" });
  let items = new Map();
  let current = null;
  const ways = ["parts", "answers"].map((way) => h("button", { type: "button", "aria-pressed": "false", onclick: () => choose(way) }, way === "parts" ? "By part" : `By answer`));
  function choose(way) {
    ways.forEach((button, at) => button.setAttribute("aria-pressed", String((at === 0) === (way === "parts"))));
    items = new Map();
    const rows = way === "parts" ? evidence.sections.map(part) : evidence.answers.map(answerCard);
    put(list, way === "parts" ? h("ol", {}, rows) : rows.length > 0 ? h("ul", {}, rows) : h("p", { class: "quiet pad" }, "No wrong answer is behind this lesson."));
    const was = current;
    current = null;
    mark(was, false);
  }
  const jumpTo = (answer, section) => {
    // The most particular part about an answer is its own; where it is named, the film goes there.
    const at = answer.spans[0] ?? section;
    if (!at) return;
    jump(at.starts);
    keep({ t: at.starts.toFixed(1) });
    say(`${clock(at.starts)}, ${at.title}`);
  };
  const choice = (answer) => [
    h("span", { class: "wrong" }, icon("cross"), h("span", { class: "hush" }, "Chosen, and wrong: "), answer.chosen || "No answer"),
    h("span", { class: "right" }, icon("check"), h("span", { class: "hush" }, "Right: "), answer.correct),
  ];
  function part(section) {
    const known = section.answers.map((each) => answers.get(each)).filter(Boolean);
    // Opening and closing are there because of everything: that is a sentence, not a list.
    const particular = section.kind !== "opening" && section.kind !== "closing";
    const state = status.sections.find((each) => each.number === section.number);
    const item = h("li", { class: "why-part", "data-part": String(section.number) },
      h("button", { type: "button", class: "why-head", onclick: () => { jump(section.starts); keep({ t: section.starts.toFixed(1) }); } },
        h("span", { class: "why-time number" }, clock(section.starts)), h("span", { class: "why-icon" }, icon(KINDS[section.kind].icon)),
        h("span", { class: "why-title" }, section.title, h("span", { class: "quiet small" }, KINDS[section.kind].name, state?.shared ? state.state === "reused" ? " · from the store" : " · shared" : " · for this learner only"))),
      h("div", { class: "why-body" },
        particular && section.gaps.map((gap) => gapLine(gap)),
        particular && known.map((answer) => h("button", { type: "button", class: "answer", "data-question": answer.question_id, onclick: () => jumpTo(answer, section) },
          h("span", { class: "question" }, answer.question), choice(answer))),
        !particular && known.length > 0 && h("p", { class: "quiet small pad-s" }, `Because of ${known.length === 1 ? "the one wrong answer" : `all ${count(known.length)} wrong answers`}.`),
        status.may.retry && h("div", { class: "row why-acts" }, act("Make this part again", "again", "little bare", async () => {
          if (!(await confirm("Make this part again?", `“${section.title}” is made anew and the lesson is put together again. Other lessons that share it keep theirs.`, "Make again"))) return;
          await api.retry(status.video_id, section.key);
          toast("It is being made again.");
          await reload();
        }))));
    items.set(section.number, item);
    return item;
  }
  const gapLine = (gap) => h("div", { class: "gap" }, h("span", { class: "clip-text" }, gap.skill),
    gap.score === null ? h("span", { class: "quiet small" }, "not measured") : [h("meter", { min: "0", max: "100", value: gap.score, "aria-label": `${gap.skill}: right` }), h("span", { class: "quiet small number nowrap" }, `${Math.round(gap.score)} % right`)]);
  const answerCard = (answer) => h("li", { class: "why-answer" },
    h("button", { type: "button", class: "answer", "data-question": answer.question_id, disabled: answer.spans.length === 0, onclick: () => jumpTo(answer) },
      h("span", { class: "quiet small" }, answer.domain), h("span", { class: "question whole" }, answer.question), choice(answer)),
    answer.spans.length > 0
      ? h("p", { class: "row tight spans" }, answer.spans.map((each) => h("button", { type: "button", class: "span-at", title: each.title, onclick: () => { jump(each.starts); keep({ t: each.starts.toFixed(1) }); } }, h("span", { class: "number" }, clock(each.starts)), ` ${KINDS[each.kind].name}`)))
      : h("p", { class: "quiet small pad-s" }, answer.reason));
  function mark(number, scroll = true) {
    if (number === current) return;
    items.get(current)?.removeAttribute("aria-current");
    current = number;
    const item = items.get(number);
    item?.setAttribute("aria-current", "true");
    if (item && scroll) list.scrollTo({ top: item.offsetTop - list.offsetTop - 12, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }
  choose("parts");
  return {
    root: h("aside", { class: "why", "aria-label": "Why it is there" },
      h("div", { class: "why-top" }, h("h2", {}, "Why it is there"), h("div", { class: "segmented", role: "group", "aria-label": "Order of the evidence" }, ways)), list),
    follow: (section) => mark(section?.number ?? null),
  };
}

const script = (evidence, jump) => h("ol", { class: "script" }, evidence.sections.map((section) => h("li", {},
  h("button", { type: "button", class: "at number", "aria-label": `Play from ${clock(section.starts)}`, onclick: () => jump(section.starts) }, clock(section.starts)),
  h("div", {}, h("h3", {}, section.title), h("p", {}, section.text),
    section.sources.length > 0 && h("p", { class: "quiet small row tight" }, icon("book"), section.sources.map((each) => [each.title, each.page].filter(Boolean).join(", ")).join(" · "))))));

function transcript(evidence, jump) {
  const lines = evidence.sections.flatMap((section) => section.cues).map((cue) => [cue.start, h("li", {},
    h("button", { type: "button", onclick: () => jump(cue.start) }, h("span", { class: "number quiet small" }, clock(cue.start)), h("span", {}, cue.text)))]);
  return [h("ol", { class: "transcript" }, lines.map(([, line]) => line)), lines];
}

const ROLES = { video: "Film", captions_vtt: "Captions, WebVTT", captions_srt: "Captions, SubRip", poster: "Poster", chapters: "Chapters", transcript: "Transcript, page", transcript_text: "Transcript, text", report: "Report", manifest: "Manifest" };
const files = (status) => h("div", { class: "table-wrap" }, h("table", { class: "table" },
  h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "File"), h("th", { scope: "col" }, "Format"), h("th", { scope: "col", class: "end" }, "Size"), h("th", { scope: "col" }, "Delivered by"), h("th", { scope: "col" }, h("span", { class: "hush" }, "Download")))),
  h("tbody", {}, status.assets.map((asset) => h("tr", {},
    h("td", {}, ROLES[asset.role.split(".")[0]] ?? asset.role), h("td", { class: "quiet" }, asset.format || "all"), h("td", { class: "end number nowrap" }, size(asset.bytes)),
    h("td", {}, asset.deliveries.map((each, at) => [at > 0 && ", ", each.url ? h("a", { href: each.url, target: "_blank", rel: "noopener noreferrer" }, each.publisher) : each.publisher])),
    h("td", { class: "end" }, h("a", { class: "button bare little round", href: asset.url, download: "", "aria-label": `Download ${ROLES[asset.role.split(".")[0]] ?? asset.role} ${asset.format}` }, icon("down"))))))));

function checks(status, evidence, jump) {
  const named = (subject) => evidence.sections.find((each) => each.key === subject)?.title ?? "The whole film";
  const tone = { note: "", warn: "warn", reject: "bad" };
  return h("div", { class: "stack" },
    status.findings.length === 0 && note("good", "check", "Every check was passed, and nothing was remarkable."),
    status.findings.map((each) => note(tone[each.severity], each.severity === "note" ? "info" : "alert",
      h("h3", { class: "small" }, plain(each.check), each.at !== null && [" ", h("button", { type: "button", class: "span-at number", onclick: () => jump(each.at) }, clock(each.at))]),
      h("p", {}, each.message), h("p", { class: "quiet" }, named(each.subject)))),
    status.fixes.length > 0 && h("h3", {}, "Put right without anybody's help"),
    status.fixes.length > 0 && h("ul", { class: "stack tight" }, status.fixes.map((each) => h("li", { class: "row" },
      chip(each.worked ? { name: "Mended", tone: "good", icon: "check" } : { name: "Did not help", tone: "warn", icon: "alert" }),
      h("span", {}, plain(each.fix)), h("span", { class: "quiet small" }, `${named(each.subject)}, round ${each.round}: ${each.checks.map(plain).join(", ")}`)))));
}

function trail(evidence) {
  const { chain } = evidence;
  const told = {
    intact: ["good", "chain", "The trail is whole", "Every event still says what was written, in the order it was written."],
    broken: ["bad", "alert", "The trail was changed", "Somebody has altered what was written. The places are below."],
    unverified: ["", "info", "Nobody has verified the trail yet", "“presgen audit verify” walks it from the first event to the last."],
  }[chain.state];
  return h("div", { class: "stack" },
    note(told[0], told[1], h("h3", { class: "small" }, told[2]), h("p", {}, told[3])),
    chain.breaks.length > 0 && h("ul", { class: "stack tight" }, chain.breaks.map((each) => h("li", {}, each))),
    h("dl", { class: "pairs" },
      [["Events", count(chain.events)], ["Last verified", chain.verified ? moment(chain.verified) : "never"], ["Last event", chain.head], ["Film", evidence.film]].map(([name, value]) =>
        h("div", {}, h("dt", {}, name), h("dd", {}, value.length === 64 ? h("code", {}, value) : value)))),
    h("p", { class: "quiet small" }, "“Film” is the SHA-256 of the film as it was made. Whoever has the file can compare."));
}
