/** A lesson on demand: written while one types, read at once, made when it is right. */

import { api } from "../api.js";
import { h, icon, show as put } from "../dom.js";
import { act, bones, note, toast, trouble } from "../parts.js";
import { go, say, to } from "../places.js";
import { KINDS, clock, count, many, plain } from "../words.js";

const PAUSE = 500;
const EXAMPLE = `Well-known ports
What a port is for: A port number says which program gets the data. The address leads to the machine, the port to the program on it. (RFC 6335, Section 6)
Two doors of the web: HTTPS waits on port 443 and encrypts everything. Plain HTTP waits on port 80 and encrypts nothing. (RFC 9110, Section 4.2)

Leases of addresses
Why an address is lent: A server lends each machine an address for a while, so that addresses come back when machines leave. (RFC 2131, Section 1)`;

export async function show({ main, signal }) {
  put(main, h("h1", {}, "Studio"), bones(2, "14rem"));
  const [choices, me] = await Promise.all([api.catalogue(signal), api.me(signal)]);
  const draft = recall();
  const state = { way: draft.way ?? "objectives", objectives: draft.objectives ?? "", record: draft.record ?? "", persona: draft.persona ?? "", formats: draft.formats ?? choices.formats.filter((each) => each.main).map((each) => each.name), seconds: draft.seconds ?? 180, learner: draft.learner ?? "", name: draft.name ?? "" };
  const paper = h("section", { class: "card sheet-paper", "aria-label": "The script", "aria-busy": "false" });
  const form = h("form", { onsubmit: (event) => { event.preventDefault(); start(); } });
  let script = null;
  let order = null;
  let waiting = null;
  let asking = null;
  put(main, h("header", { class: "head" }, h("div", {}, h("p", { class: "kicker" }, "Write, read, listen, make"), h("h1", {}, "Studio"))), h("div", { class: "studio" }, form, paper));
  drawForm();
  write();

  function drawForm() {
    const way = (id, name) => h("button", { type: "button", "aria-pressed": String(state.way === id), onclick: () => { change({ way: id }); drawForm(); } }, name);
    const text = h("textarea", { id: "about", class: state.way === "record" ? "record" : "", spellcheck: state.way === "objectives" ? "true" : "false", "aria-describedby": "about-hint",
      placeholder: state.way === "record" ? "{ \"learner\": …, \"gap_analysis\": …, \"answers\": … }" : "Well-known ports\nWhat a port is for: A port number says which program gets the data. (RFC 6335, Section 6)",
      oninput: (event) => change({ [state.way]: event.target.value }) });
    text.value = state[state.way];
    put(form,
      h("div", { class: "field" },
        h("div", { class: "row", style: { "justify-content": "space-between" } }, h("label", { for: "about", class: "label" }, "What it is about"), h("div", { class: "segmented", role: "group", "aria-label": "Kind of input" }, way("objectives", "Objectives"), way("record", "A record"))),
        text,
        h("div", { class: "row", style: { "justify-content": "space-between", "flex-wrap": "nowrap", "align-items": "start" } },
          h("p", { class: "hint", id: "about-hint" }, state.way === "record" ? "One learner's assessment record, as JSON. Paste it, or drop a file here." : "One objective after another, an empty line between them. First its name, then what is to be taught: a topic, a colon, the facts, and the source in brackets."),
          state.way === "objectives" && h("button", { type: "button", class: "button little bare", onclick: () => { change({ objectives: EXAMPLE }); drawForm(); } }, "Example"))),
      h("fieldset", { class: "field" }, h("legend", { class: "label" }, "Who teaches"), h("div", { class: "personas" }, choices.personas.map((each) => h("label", { class: "persona" },
        h("input", { type: "radio", name: "persona", value: each.name, checked: state.persona === each.name, onchange: () => change({ persona: each.name }) }),
        h("span", { class: "card-in" }, each.portrait ? h("img", { src: each.portrait, alt: "", loading: "lazy" }) : h("span", { class: "face" }, icon("person")), h("b", {}, each.title), h("small", {}, `${plain(each.name)} · ${language(each.locale)}`)))))),
      h("fieldset", { class: "field" }, h("legend", { class: "label" }, "Formats, the first is the main one"), h("div", { class: "choices" }, choices.formats.map((each) => h("label", { class: "choice" },
        h("input", { type: "checkbox", value: each.name, checked: state.formats.includes(each.name), onchange: (event) => change({ formats: event.target.checked ? [...state.formats, each.name] : state.formats.filter((other) => other !== each.name) }) }), h("span", {}, plain(each.name), each.width ? h("span", { class: "quiet number" }, `${each.width} × ${each.height}`) : ""))))),
      h("div", { class: "field" }, h("label", { for: "seconds" }, "At most ", h("output", { class: "number" }, clock(state.seconds)), " minutes"),
        h("input", { id: "seconds", type: "range", min: "30", max: "600", step: "15", value: state.seconds, oninput: (event) => { form.querySelector("output").textContent = clock(event.target.value); change({ seconds: Number(event.target.value) }); } })),
      state.way === "objectives" && h("fieldset", { class: "field" }, h("legend", { class: "label" }, "For whom"),
        h("div", { class: "row", style: { "flex-wrap": "nowrap" } },
          h("input", { type: "text", placeholder: "Learner id", "aria-label": "Learner id", value: state.learner, autocomplete: "off", oninput: (event) => change({ learner: event.target.value }, false) }),
          h("input", { type: "text", placeholder: "Name, as spoken", "aria-label": "Name, as spoken", value: state.name, autocomplete: "off", oninput: (event) => change({ name: event.target.value }, false) })),
        h("p", { class: "hint" }, "The name is said in the greeting, and is nowhere else.")));
    text.addEventListener("dragover", (event) => event.preventDefault());
    text.addEventListener("drop", async (event) => {
      const [file] = event.dataTransfer.files;
      if (!file) return;
      event.preventDefault();
      change({ way: "record", record: await file.text() });
      drawForm();
    });
  }

  function change(fields, again = true) {
    Object.assign(state, fields);
    order = null;
    remember(state);
    if (!again) return;
    clearTimeout(waiting);
    waiting = setTimeout(write, PAUSE);
  }

  function asked() {
    const about = state.way === "record" ? { record: recordOf(state.record) } : { objectives: objectivesOf(state.objectives) };
    return { ...about, persona: state.persona || null, seconds: state.seconds };
  }

  async function write() {
    asking?.abort();
    if (!state[state.way].trim()) { script = null; drawPaper(h("div", { class: "nothing" }, icon("studio"), h("h2", {}, "The script appears here"), h("p", {}, "As you write, and before anything is filmed: what will be said, for how long, and from which sources."))); return; }
    asking = new AbortController();
    signal.addEventListener("abort", () => asking.abort());
    paper.classList.add("stale");
    paper.setAttribute("aria-busy", "true");
    try {
      const mine = asking;
      const next = await api.script(asked(), mine.signal);
      if (mine !== asking) return;
      script = next;
      drawPaper(scriptList(script, me.may_order ? tryOut : null));
      say(`Script of ${many(script.sections.length, "part")}, ${clock(script.seconds)} minutes`);
    } catch (error) {
      if (error.name === "AbortError") return;
      script = null;
      drawPaper(error.status === undefined && !error.ours ? trouble(error, write) : note("warn", "alert", h("h2", { class: "small" }, "There is no script of this yet"), h("p", {}, error.message, " ", error.remedy ?? ""), (error.errors ?? []).length > 0 && h("ul", {}, error.errors.map((each) => h("li", {}, h("code", {}, each.field), ": ", each.reason)))));
    } finally {
      paper.classList.remove("stale");
      paper.setAttribute("aria-busy", "false");
    }
  }

  /** Hear or see one part now; of a record's script only what is about nobody. */
  function tryOut(section) {
    const common = !["opening", "closing"].includes(section.kind);
    if (state.way === "record" && !common) return null;
    const seen = choices.formats.find((each) => each.width > 0 && state.formats.includes(each.name));
    const place = h("div", { class: "tried", "aria-live": "polite" });
    const way = (kind, label, drawn, doing) => {
      const button = act(label, drawn, "little", async () => {
        put(place, h("p", { class: "quiet small row tight" }, icon("spin", "spin"), `${doing} It takes some seconds.`));
        try {
          const made = await api.preview(kind, { ...asked(), section: section.slug, ...(kind === "film" && { format: seen.name }) }, signal);
          put(place, h(kind === "sound" ? "audio" : "video", { src: made.url, controls: true, autoplay: true, playsinline: true, "aria-label": `${label}: ${section.title}` }),
            !made.whole && h("p", { class: "quiet small" }, `The first ${Math.round(made.seconds)} seconds of it.`));
        } catch (error) {
          put(place);
          throw error;
        }
      });
      button.setAttribute("aria-label", `${label}: ${section.title}`);
      return button;
    };
    return h("div", { class: "try" }, h("div", { class: "row tight" }, way("sound", "Hear it", "sound", "It is being spoken."), seen && way("film", "See it", "play", "It is being filmed.")), place);
  }

  function drawPaper(content) {
    put(paper,
      h("div", { class: "row", style: { "justify-content": "space-between" } }, h("h2", {}, script ? script.title : "Script"), script && h("p", { class: "quiet small number" }, `${clock(script.seconds)} · ${many(script.words, "word")}`)),
      h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "What is said" }, content),
      h("div", { class: "row", style: { "justify-content": "space-between" } },
        h("p", { class: "quiet small" }, !me.may_order ? "Your role may look, but not order." : script ? `${many(script.sections.length, "part")}. What is in the store already is not made again.` : ""),
        h("button", { class: "button first", type: "button", disabled: !script || !me.may_order || state.formats.length === 0, onclick: start }, icon("play"), "Make the video")));
  }

  async function start() {
    if (!script) return;
    let request;
    try { request = orderOf(state, script); } catch (error) { toast(error.message); form.querySelector('[aria-label="Learner id"]')?.focus(); return; }
    // The same order again, after a lost answer, is the same video.
    order ??= key();
    const button = paper.querySelector(".button.first");
    button.disabled = true;
    try {
      const { video_id: video } = await api.create(request, order);
      go(to("lessons", video));
    } catch (error) {
      toast([error.message, error.remedy].filter(Boolean).join(" "));
      button.disabled = false;
    }
  }
}

const scriptList = (script, tryOut) => h("ol", { class: "written" }, script.sections.map((section) => h("li", {},
  h("span", { class: "why-icon" }, icon(KINDS[section.kind].icon)), h("h3", {}, section.title), h("span", { class: "quiet small number nowrap" }, `${Math.round(section.seconds)} s · ${many(section.words, "word")}`),
  h("p", {}, section.text, section.sources.length > 0 && h("span", { class: "small" }, " (", section.sources.map((each) => [each.title, each.page].filter(Boolean).join(", ")).join("; "), ")")), tryOut?.(section))));

class Unfit extends Error { ours = true; remedy = ""; }

function recordOf(text) {
  try { return JSON.parse(text); } catch (error) { throw new Unfit(`This is no JSON: ${error.message}.`); }
}

/** Objectives as people write them, as outlines; a name alone is looked up in the course. */
function objectivesOf(text) {
  return text.split(/\n\s*\n/).map((block) => block.split("\n").map((line) => line.trim()).filter(Boolean)).filter((lines) => lines.length > 0).map(([name, ...facts]) => {
    if (facts.length === 0) return name;
    return {
      skill_id: slugOf(name), skill_name: name, exam_domain: name,
      content_items: facts.map((line) => {
        const [, topic, rest] = /^([^:]{3,80}):\s+(.*)$/.exec(line) ?? [null, name, line];
        const [, summary, source] = /^(.*?)\s*\(([^()]+)\)\s*$/.exec(rest) ?? [null, rest, ""];
        const [title, ...page] = source.split(",");
        return { topic, summary, source: title.trim(), page_ref: page.join(",").trim() };
      }),
    };
  });
}

const slugOf = (name) => name.normalize("NFKD").toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "") || "objective";

function orderOf(state, script) {
  const common = { persona: state.persona || null, formats: state.formats, seconds: state.seconds };
  if (state.way === "record") return { ...common, record: recordOf(state.record) };
  if (!state.learner.trim() || !state.name.trim()) throw new Unfit("A video is for somebody: give the learner's id and name.");
  const outlines = objectivesOf(state.objectives);
  const named = outlines.filter((each) => typeof each === "string");
  if (named.length > 0) throw new Unfit(`Write what is to be taught about “${named[0]}”: a video needs the content, not only its name.`);
  return {
    ...common,
    user_profile: { id: state.learner.trim(), name: state.name.trim(), locale: script.locale },
    content: {
      certification: { id: slugOf(outlines[0].exam_domain), name: outlines[0].exam_domain },
      content_outline: outlines,
      gap_analysis: { workflow_id: script.script_id, overall_score: 0, total_questions: 0, correct_answers: 0, incorrect_answers: 0,
        skill_gaps: outlines.map((each) => ({ skill_id: each.skill_id, skill_name: each.skill_name, exam_domain: each.exam_domain, severity: 8 })) },
    },
  };
}

function key() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const language = (locale) => { try { return new Intl.DisplayNames("en", { type: "language" }).of(locale); } catch { return locale; } };

/** A draft survives a reload of this tab, and nothing else: there may be a learner's record in it. */
function recall() { try { return JSON.parse(sessionStorage.getItem("presgen-draft")) ?? {}; } catch { return {}; } }
function remember(state) { try { sessionStorage.setItem("presgen-draft", JSON.stringify(state)); } catch { /* then not */ } }
